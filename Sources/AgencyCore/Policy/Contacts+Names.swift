// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Contacts {
    /// Ends of names of hosts that are taken for one wherever they stand.
    ///
    /// > Source: the root zone has some 1,400; these are the ones most often met, and every other of two letters counts too.
    static let domains: Set<String> = [
        "com", "net", "org", "info", "biz", "edu", "gov", "mil", "int", "name", "mobi", "pro", "aero", "coop", "museum",
        "travel", "jobs", "tel", "app", "dev", "xyz", "top", "site", "online", "shop", "store", "club", "live", "tech",
        "cloud", "page", "link", "click", "work", "world", "today", "space", "website", "fun", "agency", "email",
        "network",
        "systems", "solutions", "digital", "media", "news", "blog", "wiki", "design", "art", "health", "care", "bank",
        "finance", "money", "exchange", "trade", "capital", "fund", "crypto", "icu", "vip", "win", "bid", "loan", "men",
        "date", "party", "review", "stream", "download", "racing", "science", "country", "cricket", "accountant",
        "faith",
        "onion", "example", "invalid", "test", "local", "localhost", "internal", "company", "group", "life", "rocks",
        "run",
        "team", "support", "services", "center", "host", "hosting", "social", "chat", "events", "express", "global",
        "international", "land", "ltd", "llc", "inc", "gmbh", "one", "plus", "press", "pub", "red", "zone", "academy",
        "consulting", "directory", "education", "foundation", "institute", "legal", "market", "marketing", "partners",
        "photos", "pics", "video", "games", "game", "software", "codes", "tools", "guru", "expert", "ninja", "cash",
        "pay",
        "eth", "io", "ai", "co", "me", "tv", "gg", "ly", "uk", "de", "fr", "ru", "cn", "eu", "us", "ch", "nl", "jp",
        "br",
        "in",
    ]

    /// Beginnings of links that need no strokes.
    static let schemes: Set<String> = [
        "mailto", "tel", "sms", "data", "javascript", "vbscript", "bitcoin", "ethereum", "litecoin", "monero",
        "lightning",
        "xmpp", "skype", "sip", "sips", "irc", "ircs", "matrix", "tg", "whatsapp", "signal", "facetime", "slack",
        "discord",
        "magnet", "http", "https", "ftp", "ssh", "git", "ipfs", "file", "intent", "market", "geo", "hxxp", "hxxps",
    ]

    /// What those ends look like.
    static let lookalikes = Set(domains.map(TextScan.skeleton))

    /// Ends of names of files, which are no hosts unless something else says so.
    static let endings: Set<String> = [
        "py", "md", "sh", "rs", "js", "ts", "cc", "pl", "so", "gz", "db", "go", "vb", "cs", "hs", "ml", "ps", "mm",
        "bz",
        "xz", "pdf", "txt", "doc", "docx", "xls", "xlsx", "csv", "ppt", "pptx", "json", "yaml", "yml", "toml", "xml",
        "html", "htm", "css", "svg", "png", "jpg", "jpeg", "gif", "webp", "mp3", "mp4", "wav", "zip", "tar", "rar",
        "exe",
        "swift", "java", "rb", "php", "sql", "log", "ini", "cfg", "conf", "lock", "bak", "tmp", "ics", "eml", "mov",
        "tex",
    ]
}
