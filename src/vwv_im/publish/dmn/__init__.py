"""The decision tables of a Fassung as a DMN 1.3 file, for those who work with tools that read DMN."""

from vwv_im.publish.dmn.choice import chosen_dmn
from vwv_im.publish.dmn.document import dmn_of

__all__ = ["chosen_dmn", "dmn_of"]
