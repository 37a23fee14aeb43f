"""GraphDef and MetaGraphDef in and out."""
