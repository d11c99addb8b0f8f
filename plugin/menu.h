/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be chosen in the window: Telephony > IMS, and a registration among
 * the conversation filters.
 */
#ifndef IMS_MENU_H
#define IMS_MENU_H

/* To be called when protocols are registered. */
void ims_menu_register(int proto);

#endif
