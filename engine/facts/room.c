// SPDX-License-Identifier: GPL-2.0-or-later
typedef int ims_facts_room_is_empty;
