// PNG reading and writing behind one C face: every call of libpng (which reports errors by longjmp) stays in CPNG.c.
#pragma once
