/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `imsleuth explain`: the catalogue of diagnoses. */
#ifndef IMS_EXPLAIN_H
#define IMS_EXPLAIN_H

#include "run.h"

/* argv[0] is "explain". */
enum ims_exit ims_explain(int argc, char **argv) IMS_NONNULL_ALL;

#endif
