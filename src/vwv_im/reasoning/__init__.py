"""The plan of a Fassung, and the engines that run it."""
