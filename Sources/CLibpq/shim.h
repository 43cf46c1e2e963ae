// Debian puts the header into a folder of its own, which SwiftPM finds only where the pkg-config program is.
#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif
