"""The icons of the product: one table, 24 grid, drawn inline so that no request and no font is needed."""

ICONS: dict[str, str] = {
    # Shapes of a status: told apart without colour.
    "done": '<circle class="f" cx="12" cy="12" r="10"/><path class="k" d="m7.5 12.5 3 3 6-6.5"/>',  # met, finished
    # not met, withdrawn
    "unmet": '<rect class="f" x="2.5" y="2.5" width="19" height="19" rx="3"/><path class="k" d="m8.5 8.5 7 7m0-7-7 7"/>',
    "na": '<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>',  # not applicable
    "todo": '<circle cx="12" cy="12" r="9"/>',  # not begun
    "doing": '<circle cx="12" cy="12" r="9"/><path class="f" d="M12 3a9 9 0 0 0 0 18z"/>',  # in progress
    "locked": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',  # cannot begin yet
    "overdue": '<path d="M12 3.5 2.5 20h19z"/><path d="M12 10v4.5"/><path d="M12 17.2v.1"/>',  # overdue, error
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',  # due soon, waiting
    "returned": '<path d="M9 14 4 9l5-5"/><path d="M4 9h10a6 6 0 0 1 0 12h-3"/>',  # returned, sent again
    "done-late": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 3 3 5.5-6"/>',  # finished after the deadline
    # Things and acts.
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m20 20-4.2-4.2"/>',
    "bell": '<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 21h4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c.7-4.5 3.5-7 8-7s7.3 2.5 8 7"/>',
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "home": '<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>',
    "edit": '<path d="m14 5 5 5L9 20H4v-5z"/>',
    "folder": '<path d="M3 7a1 1 0 0 1 1-1h5l2 2h9a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1z"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/>'
    '<path d="M2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5M18 14.5c2 .7 3.2 2.5 3.5 5.5"/>',
    "award": '<circle cx="12" cy="9" r="6"/><path d="m8.5 14-1.5 7 5-2.5 5 2.5-1.5-7"/>',
    "flag": '<path d="M5 21V4h13l-3 4 3 4H5"/>',
    "layers": '<path d="M12 3 3 7.5l9 4.5 9-4.5zM3 12l9 4.5 9-4.5M3 16.5 12 21l9-4.5"/>',
    "megaphone": '<path d="M4 10v4h3l8 5V5l-8 5zM18.5 9a4 4 0 0 1 0 6"/>',
    "chart": '<path d="M4 20V4M4 20h16M8.5 16v-4M13 16V8M17.5 16v-6"/>',
    "building": '<path d="M4 20V6l8-3v17M12 9h8v11M3 20h18M7.5 9h1M7.5 13h1M7.5 17h1M16 13h.5M16 17h.5"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "right": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "left": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "up": '<path d="M12 19V6M6.5 11 12 5.5 17.5 11"/>',
    "down": '<path d="M12 5v13M6.5 13 12 18.5 17.5 13"/>',
    "sort": '<path d="m8 9 4-4 4 4M8 15l4 4 4-4"/>',
    "back": '<path d="m14.5 5-7 7 7 7"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "more": '<path d="M5 12h.1M12 12h.1M19 12h.1" stroke-width="3.5"/>',
    "upload": '<path d="M12 16V5M7 9l5-5 5 5M5 20h14"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>',
    "file": '<path d="M6 3h8l5 5v12a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1zM14 3v5h5"/>',
    "image": '<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="10" r="1.5"/><path d="m4 18 6-5 3 2.5 3.5-3.5L21 16"/>',
    "scan": '<path d="M4 12h16M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3"/>',
    "list": '<path d="M9 6h11M9 12h11M9 18h11"/><path d="M4.5 6h.1M4.5 12h.1M4.5 18h.1"/>',
    "print": '<path d="M7 9V4h10v5M7 17H4v-7h16v7h-3M7 14h10v6H7z"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5"/><path d="M12 7.6v.1"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.7 2.2c-.8.5-1.2 1-1.2 2.3M12 17v.1"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l2.5 2.5"/>',
    "inbox": '<path d="M4 13 6.5 5h11L20 13v6H4zM4 13h5l1.5 2.5h3L15 13h5"/>',
    "offline": '<path d="M4 4l16 16M8 17a4 4 0 0 1 0-8M12 6a6 6 0 0 1 6 5 4 4 0 0 1 2 5"/>',
    "shield": '<path d="M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 7.5-9V6z"/>',
    "leave": '<path d="M14 5H5v14h9M10 12h10M16 8l4 4-4 4"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
}

BRAND = (
    '<svg viewBox="0 0 32 32" aria-hidden="true" focusable="false"><rect width="32" height="32" rx="8" fill="#ffffff"/>'
    '<path d="M5 22.5 12 12l4.2 6 3-4.2L27 22.5" fill="none" stroke="#0f6b4f" '
    'stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/>'
    '<circle cx="21.5" cy="9" r="2.6" fill="#b97400"/><path d="M5 26h22" stroke="#0f6b4f" stroke-width="2.6" stroke-linecap="round"/></svg>'
)
