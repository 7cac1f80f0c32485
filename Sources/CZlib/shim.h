#pragma once
#include <zlib.h>

// inflateInit2 is a macro, which Swift can't see. 15 + 32: gzip or zlib, told by the header.
static inline int quarterdeck_inflate_init(z_streamp stream) {
  return inflateInit2(stream, 15 + 32);
}
