"""The values of facts, and their exact written form: those of the lowest layer."""

from vwv_im.text.values import Json, Value, plain, to_json

__all__ = ["Json", "Value", "plain", "to_json"]
