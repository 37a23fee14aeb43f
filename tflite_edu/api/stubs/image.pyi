# Written by api/generate.py.
from tflite_edu.image.adjusting import adjust_brightness as adjust_brightness
from tflite_edu.image.adjusting import adjust_contrast as adjust_contrast
from tflite_edu.image.adjusting import adjust_gamma as adjust_gamma
from tflite_edu.image.adjusting import adjust_hue as adjust_hue
from tflite_edu.image.adjusting import adjust_jpeg_quality as adjust_jpeg_quality
from tflite_edu.image.adjusting import adjust_saturation as adjust_saturation
from tflite_edu.image.adjusting import per_image_standardization as per_image_standardization
from tflite_edu.image.adjusting import random_brightness as random_brightness
from tflite_edu.image.adjusting import random_contrast as random_contrast
from tflite_edu.image.adjusting import random_hue as random_hue
from tflite_edu.image.adjusting import random_jpeg_quality as random_jpeg_quality
from tflite_edu.image.adjusting import random_saturation as random_saturation
from tflite_edu.image.colours import grayscale_to_rgb as grayscale_to_rgb
from tflite_edu.image.colours import rgb_to_grayscale as rgb_to_grayscale
from tflite_edu.image.colours import rgb_to_yiq as rgb_to_yiq
from tflite_edu.image.colours import rgb_to_yuv as rgb_to_yuv
from tflite_edu.image.colours import yiq_to_rgb as yiq_to_rgb
from tflite_edu.image.colours import yuv_to_rgb as yuv_to_rgb
from tflite_edu.image.cropping import central_crop as central_crop
from tflite_edu.image.cropping import crop_to_bounding_box as crop_to_bounding_box
from tflite_edu.image.cropping import pad_to_bounding_box as pad_to_bounding_box
from tflite_edu.image.cropping import resize_with_crop_or_pad as resize_image_with_crop_or_pad
from tflite_edu.image.cropping import resize_with_crop_or_pad as resize_with_crop_or_pad
from tflite_edu.image.files import decode_image as decode_image
from tflite_edu.image.files import is_jpeg as is_jpeg
from tflite_edu.image.flipping import flip_left_right as flip_left_right
from tflite_edu.image.flipping import flip_up_down as flip_up_down
from tflite_edu.image.flipping import random_flip_left_right as random_flip_left_right
from tflite_edu.image.flipping import random_flip_up_down as random_flip_up_down
from tflite_edu.image.flipping import rot90 as rot90
from tflite_edu.image.flipping import transpose as transpose
from tflite_edu.image.flipping import transpose as transpose_image
from tflite_edu.image.pixel_types import convert_image_dtype as convert_image_dtype
from tflite_edu.image.quality import image_gradients as image_gradients
from tflite_edu.image.quality import psnr as psnr
from tflite_edu.image.quality import sobel_edges as sobel_edges
from tflite_edu.image.quality import total_variation as total_variation
from tflite_edu.image.sizes import ResizeMethod as ResizeMethod
from tflite_edu.image.sizes import resize_image_with_pad as resize_image_with_pad
from tflite_edu.image.sizes import resize_images as resize
from tflite_edu.image.sizes import resize_images as resize_images
from tflite_edu.ops.bicubic_resizing import resize_bicubic as resize_bicubic
from tflite_edu.ops.bounding_boxes import draw_bounding_boxes as draw_bounding_boxes
from tflite_edu.ops.bounding_boxes import sample_distorted_bounding_box as sample_distorted_bounding_box
from tflite_edu.ops.colour_spaces import hsv_to_rgb as hsv_to_rgb
from tflite_edu.ops.colour_spaces import rgb_to_hsv as rgb_to_hsv
from tflite_edu.ops.crop_and_resize import crop_and_resize as crop_and_resize
from tflite_edu.ops.image_files import decode_and_crop_jpeg as decode_and_crop_jpeg
from tflite_edu.ops.image_files import decode_bmp as decode_bmp
from tflite_edu.ops.image_files import decode_gif as decode_gif
from tflite_edu.ops.image_files import decode_jpeg as decode_jpeg
from tflite_edu.ops.image_files import decode_png as decode_png
from tflite_edu.ops.image_files import encode_jpeg as encode_jpeg
from tflite_edu.ops.image_files import encode_png as encode_png
from tflite_edu.ops.image_files import extract_jpeg_shape as extract_jpeg_shape
from tflite_edu.ops.image_patches import extract_image_patches as extract_image_patches
from tflite_edu.ops.image_patches import extract_patches as extract_patches
from tflite_edu.ops.non_max_suppression import non_max_suppression as non_max_suppression
from tflite_edu.ops.non_max_suppression import non_max_suppression_overlaps as non_max_suppression_overlaps
from tflite_edu.ops.non_max_suppression import non_max_suppression_padded as non_max_suppression_padded
from tflite_edu.ops.non_max_suppression import non_max_suppression_with_scores as non_max_suppression_with_scores
from tflite_edu.ops.random_crop import random_crop as random_crop
from tflite_edu.ops.resizing import resize_area as resize_area
from tflite_edu.ops.resizing import resize_bilinear as resize_bilinear
from tflite_edu.ops.resizing import resize_nearest_neighbor as resize_nearest_neighbor

__all__ = [
    "ResizeMethod",
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_jpeg_quality",
    "adjust_saturation",
    "central_crop",
    "convert_image_dtype",
    "crop_and_resize",
    "crop_to_bounding_box",
    "decode_and_crop_jpeg",
    "decode_bmp",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "draw_bounding_boxes",
    "encode_jpeg",
    "encode_png",
    "extract_image_patches",
    "extract_jpeg_shape",
    "extract_patches",
    "flip_left_right",
    "flip_up_down",
    "grayscale_to_rgb",
    "hsv_to_rgb",
    "image_gradients",
    "is_jpeg",
    "non_max_suppression",
    "non_max_suppression_overlaps",
    "non_max_suppression_padded",
    "non_max_suppression_with_scores",
    "pad_to_bounding_box",
    "per_image_standardization",
    "psnr",
    "random_brightness",
    "random_contrast",
    "random_crop",
    "random_flip_left_right",
    "random_flip_up_down",
    "random_hue",
    "random_jpeg_quality",
    "random_saturation",
    "resize",
    "resize_area",
    "resize_bicubic",
    "resize_bilinear",
    "resize_image_with_crop_or_pad",
    "resize_image_with_pad",
    "resize_images",
    "resize_nearest_neighbor",
    "resize_with_crop_or_pad",
    "rgb_to_grayscale",
    "rgb_to_hsv",
    "rgb_to_yiq",
    "rgb_to_yuv",
    "rot90",
    "sample_distorted_bounding_box",
    "sobel_edges",
    "total_variation",
    "transpose",
    "transpose_image",
    "yiq_to_rgb",
    "yuv_to_rgb",
]
