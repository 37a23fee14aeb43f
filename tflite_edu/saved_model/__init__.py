"""SavedModel folders: graphs with their signatures, variables and files, saved and loaded."""
