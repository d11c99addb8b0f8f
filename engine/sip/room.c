// SPDX-License-Identifier: GPL-2.0-or-later
typedef int ims_sip_room_is_empty;
