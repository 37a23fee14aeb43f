# Written by api/generate.py.
from tflite_edu.core.errors import ABORTED as ABORTED
from tflite_edu.core.errors import ALREADY_EXISTS as ALREADY_EXISTS
from tflite_edu.core.errors import AbortedError as AbortedError
from tflite_edu.core.errors import AlreadyExistsError as AlreadyExistsError
from tflite_edu.core.errors import CANCELLED as CANCELLED
from tflite_edu.core.errors import CancelledError as CancelledError
from tflite_edu.core.errors import DATA_LOSS as DATA_LOSS
from tflite_edu.core.errors import DEADLINE_EXCEEDED as DEADLINE_EXCEEDED
from tflite_edu.core.errors import DataLossError as DataLossError
from tflite_edu.core.errors import DeadlineExceededError as DeadlineExceededError
from tflite_edu.core.errors import FAILED_PRECONDITION as FAILED_PRECONDITION
from tflite_edu.core.errors import FailedPreconditionError as FailedPreconditionError
from tflite_edu.core.errors import INTERNAL as INTERNAL
from tflite_edu.core.errors import INVALID_ARGUMENT as INVALID_ARGUMENT
from tflite_edu.core.errors import InternalError as InternalError
from tflite_edu.core.errors import InvalidArgumentError as InvalidArgumentError
from tflite_edu.core.errors import NOT_FOUND as NOT_FOUND
from tflite_edu.core.errors import NotFoundError as NotFoundError
from tflite_edu.core.errors import OK as OK
from tflite_edu.core.errors import OUT_OF_RANGE as OUT_OF_RANGE
from tflite_edu.core.errors import OpError as OpError
from tflite_edu.core.errors import OutOfRangeError as OutOfRangeError
from tflite_edu.core.errors import PERMISSION_DENIED as PERMISSION_DENIED
from tflite_edu.core.errors import PermissionDeniedError as PermissionDeniedError
from tflite_edu.core.errors import RESOURCE_EXHAUSTED as RESOURCE_EXHAUSTED
from tflite_edu.core.errors import ResourceExhaustedError as ResourceExhaustedError
from tflite_edu.core.errors import UNAUTHENTICATED as UNAUTHENTICATED
from tflite_edu.core.errors import UNAVAILABLE as UNAVAILABLE
from tflite_edu.core.errors import UNIMPLEMENTED as UNIMPLEMENTED
from tflite_edu.core.errors import UNKNOWN as UNKNOWN
from tflite_edu.core.errors import UnauthenticatedError as UnauthenticatedError
from tflite_edu.core.errors import UnavailableError as UnavailableError
from tflite_edu.core.errors import UnimplementedError as UnimplementedError
from tflite_edu.core.errors import UnknownError as UnknownError
from tflite_edu.core.errors import error_code_from_exception_type as error_code_from_exception_type
from tflite_edu.core.errors import exception_type_from_error_code as exception_type_from_error_code

__all__ = [
    "ABORTED",
    "ALREADY_EXISTS",
    "AbortedError",
    "AlreadyExistsError",
    "CANCELLED",
    "CancelledError",
    "DATA_LOSS",
    "DEADLINE_EXCEEDED",
    "DataLossError",
    "DeadlineExceededError",
    "FAILED_PRECONDITION",
    "FailedPreconditionError",
    "INTERNAL",
    "INVALID_ARGUMENT",
    "InternalError",
    "InvalidArgumentError",
    "NOT_FOUND",
    "NotFoundError",
    "OK",
    "OUT_OF_RANGE",
    "OpError",
    "OutOfRangeError",
    "PERMISSION_DENIED",
    "PermissionDeniedError",
    "RESOURCE_EXHAUSTED",
    "ResourceExhaustedError",
    "UNAUTHENTICATED",
    "UNAVAILABLE",
    "UNIMPLEMENTED",
    "UNKNOWN",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "UnknownError",
    "error_code_from_exception_type",
    "exception_type_from_error_code",
]
