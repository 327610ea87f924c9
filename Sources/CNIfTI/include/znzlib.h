// nifti1_io.h includes <znzlib.h>, which Debian installs in a folder that is not on the search path.
#pragma once
#include <nifti/znzlib.h>
