/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The page itself, made of the files in html/ when the program is built
 * (html/embed.cmake): what stands before the data, and what behind.
 */
#ifndef IMS_HTML_PAGE_H
#define IMS_HTML_PAGE_H

extern const char ims_html_head[];
extern const char ims_html_tail[];

#endif
