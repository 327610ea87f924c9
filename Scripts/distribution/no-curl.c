// Stands in for libcurl, which Debian's HDF5 links to read files from web servers. Manikin reads none, and a program that
// lets nothing out of the machine needs no network library: everything here fails.
#include <stddef.h>

int curl_global_init(long flags) { return (void)flags, 2; }
void curl_global_cleanup(void) {}
void *curl_easy_init(void) { return NULL; }
int curl_easy_setopt(void *handle, int option, ...) { return (void)handle, (void)option, 2; }
int curl_easy_perform(void *handle) { return (void)handle, 2; }
void curl_easy_cleanup(void *handle) { (void)handle; }
void *curl_slist_append(void *list, const char *text) { return (void)list, (void)text, NULL; }
void curl_slist_free_all(void *list) { (void)list; }
