// Stands in for libjbig, which Debian's libtiff links for a compression of fax pages. Manikin refuses such files before
// libtiff is asked to read them, so none of these is ever called.
#include <stdlib.h>

#define NEVER_CALLED(name) \
  void name(void) { abort(); }

NEVER_CALLED(jbg_dec_free)
NEVER_CALLED(jbg_dec_getimage)
NEVER_CALLED(jbg_dec_getsize)
NEVER_CALLED(jbg_dec_in)
NEVER_CALLED(jbg_dec_init)
NEVER_CALLED(jbg_enc_free)
NEVER_CALLED(jbg_enc_init)
NEVER_CALLED(jbg_enc_out)
NEVER_CALLED(jbg_newlen)
NEVER_CALLED(jbg_strerror)
