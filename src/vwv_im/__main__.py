"""`python -m vwv_im`: the same as `vwv-im`."""

from vwv_im.cli.main import main

main()
