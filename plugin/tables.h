/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tables of registrations, findings and Cx where Wireshark shows tables:
 * in tshark by `-z imsleuth,NAME[,FILTER]`, in the window as dialogs.
 */
#ifndef IMS_TABLES_H
#define IMS_TABLES_H

#include "rows.h"

/* "imsleuth,registrations": what a table is asked for by. */
const char *ims_table_command(enum ims_table table);

/*
 * One of them, where protocols are registered, behind the tap: tshark prints
 * the window's tables too, in a way of its own.
 */
void ims_tables_register_terminal(void);
void ims_tables_register_window(void);

#endif
