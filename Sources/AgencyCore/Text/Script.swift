// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The scripts that matter to a scan, and what is no letter.
///
/// > Source: the property `Script` of Unicode 14, `Scripts.txt`; gaps within a script are counted with it.
enum Script: UInt8, CaseIterable {
    case none = 0
    case latin, greek, cyrillic, armenian, cherokee, coptic, lisu, georgian, canadian
    case hebrew, arabic, syriac, thaana, nko, mandaic
    case devanagari, bengali, gurmukhi, gujarati, oriya, tamil, telugu, kannada, malayalam, sinhala
    case thai, lao, tibetan, myanmar, khmer, taiLe, taiTham, balinese, javanese, cham
    case mongolian, phagsPa, ethiopic, braille
    case hangul, han, kana, bopomofo
    case adlam, rohingya
    /// Any other script.
    case other
    /// Marks that take the script of what they stand on.
    case inherited

    /// Where each lies; what is listed nowhere is common to all.
    static let ranges: [(ClosedRange<UInt32>, Script)] = [
        (0x41...0x5A, .latin), (0x61...0x7A, .latin), (0xAA...0xAA, .latin),
        (0xBA...0xBA, .latin), (0xC0...0xD6, .latin), (0xD8...0xF6, .latin), (0xF8...0x2B8, .latin),
        (0x2E0...0x2E4, .latin), (0x2EA...0x2EB, .bopomofo), (0x300...0x36F, .inherited),
        (0x370...0x373, .greek), (0x376...0x377, .greek), (0x37A...0x37D, .greek), (0x37F...0x384, .greek),
        (0x386...0x386, .greek), (0x388...0x3E1, .greek), (0x3E2...0x3EF, .coptic), (0x3F0...0x3FF, .greek),
        (0x400...0x52F, .cyrillic), (0x531...0x556, .armenian), (0x559...0x588, .armenian),
        (0x591...0x5F4, .hebrew), (0x610...0x61A, .arabic), (0x620...0x63F, .arabic), (0x641...0x6D3, .arabic),
        (0x640...0x640, .inherited), (0x6D5...0x6DC, .arabic), (0x6DF...0x6FF, .arabic), (0x700...0x74F, .syriac),
        (0x750...0x77F, .arabic), (0x780...0x7B1, .thaana), (0x7C0...0x7FF, .nko), (0x800...0x83E, .other),
        (0x840...0x85E, .mandaic), (0x860...0x86A, .syriac), (0x870...0x8E1, .arabic), (0x8E3...0x8FF, .arabic),
        (0x900...0x963, .devanagari), (0x966...0x97F, .devanagari), (0x980...0x9FE, .bengali),
        (0xA01...0xA76, .gurmukhi), (0xA81...0xAFF, .gujarati), (0xB01...0xB77, .oriya), (0xB82...0xBFA, .tamil),
        (0xC00...0xC7F, .telugu), (0xC80...0xCF2, .kannada), (0xD00...0xD7F, .malayalam), (0xD81...0xDF4, .sinhala),
        (0xE01...0xE3A, .thai), (0xE40...0xE5B, .thai), (0xE81...0xEDF, .lao), (0xF00...0xFDA, .tibetan),
        (0x1000...0x109F, .myanmar), (0x10A0...0x10FA, .georgian), (0x10FC...0x10FF, .georgian),
        (0x1100...0x11FF, .hangul), (0x1200...0x1399, .ethiopic), (0x13A0...0x13FD, .cherokee),
        (0x1401...0x167F, .canadian), (0x1681...0x169C, .other), (0x16A0...0x16F8, .other), (0x1700...0x1734, .other),
        (0x1740...0x1773, .other), (0x1780...0x17F9, .khmer), (0x1807...0x18AA, .mongolian),
        (0x18B0...0x18F5, .canadian), (0x1900...0x194F, .other), (0x1950...0x19DF, .taiLe), (0x19E0...0x19FF, .khmer),
        (0x1A00...0x1A1F, .other), (0x1A20...0x1AAD, .taiTham), (0x1AB0...0x1ACE, .inherited),
        (0x1B00...0x1B7E, .balinese), (0x1B80...0x1C7F, .other), (0x1C80...0x1C88, .cyrillic),
        (0x1C90...0x1CBF, .georgian), (0x1CC0...0x1CC7, .other), (0x1CD0...0x1CFA, .inherited),
        (0x1D00...0x1D25, .latin), (0x1D26...0x1D2A, .greek), (0x1D2B...0x1D2B, .cyrillic),
        (0x1D2C...0x1D5C, .latin), (0x1D5D...0x1D61, .greek), (0x1D62...0x1D65, .latin), (0x1D66...0x1D6A, .greek),
        (0x1D6B...0x1D77, .latin), (0x1D78...0x1D78, .cyrillic), (0x1D79...0x1DBE, .latin),
        (0x1DC0...0x1DFF, .inherited), (0x1E00...0x1EFF, .latin), (0x1F00...0x1FFE, .greek),
        (0x2071...0x2071, .latin), (0x207F...0x207F, .latin), (0x2090...0x209C, .latin), (0x20D0...0x20F0, .inherited),
        (0x2126...0x2126, .greek), (0x212A...0x212B, .latin), (0x2160...0x2188, .latin), (0x2801...0x28FF, .braille),
        (0x2C00...0x2C5F, .other), (0x2C60...0x2C7F, .latin), (0x2C80...0x2CFF, .coptic), (0x2D00...0x2D2D, .georgian),
        (0x2D30...0x2D7F, .other), (0x2D80...0x2DDE, .ethiopic), (0x2DE0...0x2DFF, .cyrillic), (0x2E80...0x2FD5, .han),
        (0x3005...0x3007, .han), (0x3021...0x3029, .han), (0x302A...0x302D, .inherited), (0x302E...0x302F, .hangul),
        (0x3038...0x303B, .han), (0x3041...0x309F, .kana), (0x30A1...0x30FF, .kana), (0x3105...0x312F, .bopomofo),
        (0x3131...0x3163, .hangul), (0x3165...0x318E, .hangul), (0x31A0...0x31BF, .bopomofo), (0x31F0...0x31FF, .kana),
        (0x3400...0x4DBF, .han), (0x4E00...0x9FFF, .han), (0xA000...0xA4C6, .other), (0xA4D0...0xA4FF, .lisu),
        (0xA500...0xA62B, .other), (0xA640...0xA69F, .cyrillic), (0xA6A0...0xA6F7, .other), (0xA722...0xA787, .latin),
        (0xA78B...0xA7FF, .latin), (0xA800...0xA82C, .other), (0xA840...0xA877, .phagsPa), (0xA880...0xA8D9, .other),
        (0xA8E0...0xA8FF, .devanagari), (0xA900...0xA95F, .other), (0xA960...0xA97C, .hangul),
        (0xA980...0xA9DF, .javanese), (0xA9E0...0xA9FE, .myanmar), (0xAA00...0xAA5F, .cham),
        (0xAA60...0xAA7F, .myanmar),
        (0xAA80...0xAAF6, .other), (0xAB01...0xAB2E, .ethiopic), (0xAB30...0xAB64, .latin), (0xAB65...0xAB65, .greek),
        (0xAB66...0xAB69, .latin), (0xAB70...0xABBF, .cherokee), (0xABC0...0xABF9, .other), (0xAC00...0xD7FB, .hangul),
        (0xF900...0xFAD9, .han), (0xFB00...0xFB06, .latin), (0xFB13...0xFB17, .armenian), (0xFB1D...0xFB4F, .hebrew),
        (0xFB50...0xFDCF, .arabic), (0xFDF0...0xFDFF, .arabic), (0xFE20...0xFE2F, .inherited),
        (0xFE70...0xFEFC, .arabic), (0xFF66...0xFF9D, .kana), (0xFFA1...0xFFDC, .hangul),
    ]

    /// The script of a character beyond the basic plane.
    static func beyond(_ value: UInt32) -> Script {
        switch value {
        case 0x10140...0x101A0, 0x1D200...0x1D245: .greek
        case 0x10780...0x107BA, 0x1DF00...0x1DF1E: .latin
        case 0x10D00...0x10D39: .rohingya
        case 0x10E60...0x10E7E, 0x10EC0...0x10EFF, 0x1EE00...0x1EEF1: .arabic
        case 0x11FB0: .lisu
        case 0x11660...0x1166C: .mongolian
        case 0x1AFF0...0x1B167: .kana
        case 0x1E900...0x1E95F: .adlam
        case 0x16FE2...0x16FE3, 0x16FF0...0x16FF1, 0x20000...0x323AF: .han
        case 0x10000...0x1CFFF, 0x1D800...0x1DAAF, 0x1E000...0x1EEFF: .other
        default: .none
        }
    }

    /// Whether it is written from right to left.
    var runsLeft: Bool {
        switch self {
        case .hebrew, .arabic, .syriac, .thaana, .nko, .mandaic, .adlam, .rohingya: true
        default: false
        }
    }

    /// Whether its letters join, so that a joiner or its absence shows.
    var joins: Bool {
        switch self {
        case .arabic, .syriac, .mandaic, .nko, .mongolian, .phagsPa, .adlam, .rohingya: true
        default: false
        }
    }

    /// Whether joiners choose among the forms of its syllables.
    var isIndic: Bool { (Script.devanagari.rawValue...Script.sinhala.rawValue).contains(rawValue) }

    /// Whether it is written without spaces, so that a zero-width space tells where a line may break.
    var lacksSpaces: Bool {
        switch self {
        case .thai, .lao, .tibetan, .myanmar, .khmer, .taiLe, .taiTham, .balinese, .javanese, .cham: true
        default: false
        }
    }

    var isEastAsian: Bool { (Script.hangul.rawValue...Script.bopomofo.rawValue).contains(rawValue) }

    /// Whether letters of it pass for those of the others of these.
    var isAlphabet: Bool { (Script.latin.rawValue...Script.canadian.rawValue).contains(rawValue) }
}
