/*
 * utf8.h - code points of a text whose making is not known.
 */
#ifndef SG_REPORT_UTF8_H
#define SG_REPORT_UTF8_H

#include "sg/base.h"

/* Bytes of the UTF-8 sequence at `at`, of which `left` bytes are there (at least one),
 * with its code point; 0 where it is none. */
size_t sg_utf8_next(const char *at, size_t left, uint32_t *code);
/* C0, DEL, C1, and the characters that reorder, hide or part what follows on a screen. */
bool sg_utf8_acts(uint32_t code);

#endif
