// niftilib's NIfTI-1 and ANALYZE reader and writer.
#pragma once
#include <nifti/nifti1_io.h>
#include <zlib.h>
