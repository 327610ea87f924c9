// libzip's reader and writer of ZIP archives.
#pragma once
#include <zip.h>
