"""What a script needs around its graph: logging, command line flags, an entry point."""
