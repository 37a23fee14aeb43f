"""The command `tflite_edu`: runs scripts and shows what is in files."""
