// OpenSSL's libcrypto: its message digests.
#pragma once
#include <openssl/evp.h>
