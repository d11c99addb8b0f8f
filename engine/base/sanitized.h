/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether memory that is given back is looked after: then none of it is kept
 * for the next one, so that the sanitizer sees who uses it still.
 */
#ifndef IMS_SANITIZED_H
#define IMS_SANITIZED_H

#define IMS_IS_SANITIZED 0
#if defined(__SANITIZE_ADDRESS__)
#undef IMS_IS_SANITIZED
#define IMS_IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#undef IMS_IS_SANITIZED
#define IMS_IS_SANITIZED 1
#endif
#endif

#endif
