// SwiftPM needs one source file; the code is libzip.
