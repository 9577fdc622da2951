"""Rule files and acts; applied in order, they give the Fassungen."""
