# Written by api/generate.py.
from tflite_edu.platform.flag_definitions import DEFINE as DEFINE
from tflite_edu.platform.flag_definitions import DEFINE_bool as DEFINE_bool
from tflite_edu.platform.flag_definitions import DEFINE_bool as DEFINE_boolean
from tflite_edu.platform.flag_definitions import DEFINE_enum as DEFINE_enum
from tflite_edu.platform.flag_definitions import DEFINE_enum_class as DEFINE_enum_class
from tflite_edu.platform.flag_definitions import DEFINE_float as DEFINE_float
from tflite_edu.platform.flag_definitions import DEFINE_integer as DEFINE_integer
from tflite_edu.platform.flag_definitions import DEFINE_list as DEFINE_list
from tflite_edu.platform.flag_definitions import DEFINE_multi as DEFINE_multi
from tflite_edu.platform.flag_definitions import DEFINE_multi_enum as DEFINE_multi_enum
from tflite_edu.platform.flag_definitions import DEFINE_multi_float as DEFINE_multi_float
from tflite_edu.platform.flag_definitions import DEFINE_multi_integer as DEFINE_multi_integer
from tflite_edu.platform.flag_definitions import DEFINE_multi_string as DEFINE_multi_string
from tflite_edu.platform.flag_definitions import DEFINE_spaceseplist as DEFINE_spaceseplist
from tflite_edu.platform.flag_definitions import DEFINE_string as DEFINE_string
from tflite_edu.platform.flag_definitions import FlagHolder as FlagHolder
from tflite_edu.platform.flag_definitions import define_flag as DEFINE_flag
from tflite_edu.platform.flag_definitions import set_default as set_default
from tflite_edu.platform.flag_parsers import ArgumentParser as ArgumentParser
from tflite_edu.platform.flag_parsers import BooleanParser as BooleanParser
from tflite_edu.platform.flag_parsers import DuplicateFlagError as DuplicateFlagError
from tflite_edu.platform.flag_parsers import EnumClassParser as EnumClassParser
from tflite_edu.platform.flag_parsers import EnumParser as EnumParser
from tflite_edu.platform.flag_parsers import Error as Error
from tflite_edu.platform.flag_parsers import FlagNameConflictsWithMethodError as FlagNameConflictsWithMethodError
from tflite_edu.platform.flag_parsers import FloatParser as FloatParser
from tflite_edu.platform.flag_parsers import IllegalFlagValueError as IllegalFlagValueError
from tflite_edu.platform.flag_parsers import IntegerParser as IntegerParser
from tflite_edu.platform.flag_parsers import ListParser as ListParser
from tflite_edu.platform.flag_parsers import UnparsedFlagAccessError as UnparsedFlagAccessError
from tflite_edu.platform.flag_parsers import UnrecognizedFlagError as UnrecognizedFlagError
from tflite_edu.platform.flag_parsers import ValidationError as ValidationError
from tflite_edu.platform.flag_parsers import WhitespaceSeparatedListParser as WhitespaceSeparatedListParser
from tflite_edu.platform.flag_validators import mark_bool_flags_as_mutual_exclusive as mark_bool_flags_as_mutual_exclusive
from tflite_edu.platform.flag_validators import mark_flag_as_required as mark_flag_as_required
from tflite_edu.platform.flag_validators import mark_flags_as_mutual_exclusive as mark_flags_as_mutual_exclusive
from tflite_edu.platform.flag_validators import mark_flags_as_required as mark_flags_as_required
from tflite_edu.platform.flag_validators import multi_flags_validator as multi_flags_validator
from tflite_edu.platform.flag_validators import register_multi_flags_validator as register_multi_flags_validator
from tflite_edu.platform.flag_validators import register_validator as register_validator
from tflite_edu.platform.flag_validators import validator as validator
from tflite_edu.platform.flags import FLAGS as FLAGS
from tflite_edu.platform.flags import Flag as Flag
from tflite_edu.platform.flags import FlagValues as FlagValues

__all__ = [
    "ArgumentParser",
    "BooleanParser",
    "DEFINE",
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_enum_class",
    "DEFINE_flag",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_multi",
    "DEFINE_multi_enum",
    "DEFINE_multi_float",
    "DEFINE_multi_integer",
    "DEFINE_multi_string",
    "DEFINE_spaceseplist",
    "DEFINE_string",
    "DuplicateFlagError",
    "EnumClassParser",
    "EnumParser",
    "Error",
    "FLAGS",
    "Flag",
    "FlagHolder",
    "FlagNameConflictsWithMethodError",
    "FlagValues",
    "FloatParser",
    "IllegalFlagValueError",
    "IntegerParser",
    "ListParser",
    "UnparsedFlagAccessError",
    "UnrecognizedFlagError",
    "ValidationError",
    "WhitespaceSeparatedListParser",
    "mark_bool_flags_as_mutual_exclusive",
    "mark_flag_as_required",
    "mark_flags_as_mutual_exclusive",
    "mark_flags_as_required",
    "multi_flags_validator",
    "register_multi_flags_validator",
    "register_validator",
    "set_default",
    "validator",
]
