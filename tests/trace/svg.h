/* svg.h - a flight record as a picture. */
#ifndef NPLAB_TRACE_SVG_H
#define NPLAB_TRACE_SVG_H

#include "words.h"

/* The whole SVG file: no scripts, no fonts or files from elsewhere. */
void draw_svg(const struct model *model, const char *title, struct text *out);

#endif
