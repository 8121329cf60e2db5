"""Where data comes from: national tables, other nodes, HTTP."""
