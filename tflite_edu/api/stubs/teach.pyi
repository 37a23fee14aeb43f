# Written by api/generate.py.
from tflite_edu.teach.compiler_passes import passes as passes
from tflite_edu.teach.explanation import explain as explain
from tflite_edu.teach.gradient_checks import check as check
from tflite_edu.teach.gradient_checks import gradcheck as gradcheck
from tflite_edu.teach.gradient_flow import flow as flow
from tflite_edu.teach.jacobians import jacobian as jacobian
from tflite_edu.teach.jacobians import jacobian_chain as jacobian_chain
from tflite_edu.teach.layer import Layer as Layer
from tflite_edu.teach.matrix_product import matmul_derivative as matmul_derivative
from tflite_edu.teach.path_sums import paths as paths
from tflite_edu.teach.picture import Picture as Picture
from tflite_edu.teach.picture import show as show
from tflite_edu.teach.program_page import program as program

__all__ = [
    "Layer",
    "Picture",
    "check",
    "explain",
    "flow",
    "gradcheck",
    "jacobian",
    "jacobian_chain",
    "matmul_derivative",
    "passes",
    "paths",
    "program",
    "show",
]
