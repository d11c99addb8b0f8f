/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the compiler is told of a prototype's contract. */
#ifndef IMS_ATTRIBUTES_H
#define IMS_ATTRIBUTES_H

#define IMS_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define IMS_NONNULL_ALL	 __attribute__((nonnull))
#define IMS_MUST_USE	 __attribute__((warn_unused_result))
#define IMS_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define IMS_PURE	 __attribute__((pure))
#define IMS_UNUSED	 __attribute__((unused))
/* Where it matters that the caller's arguments are known. */
#define IMS_INLINE static inline __attribute__((always_inline))

#endif
