// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Letters that pass for ASCII.
///
/// > Source: UTS #39, `confusables.txt`, what has one ASCII letter or digit as its prototype; the mathematical, fullwidth
/// > and circled letters are counted off. The small palochka is taken for an l, which it looks like in most fonts.
struct Lookalikes: Sendable {
    static let shared = Lookalikes()

    private let letters: [UInt32: UInt8]

    private init() {
        var letters: [UInt32: UInt8] = [:]
        for (letter, list) in Self.prototypes {
            for number in list.split(separator: " ").compactMap({ UInt32($0, radix: 16) }) {
                letters[number] = letter
            }
        }
        self.letters = letters
    }

    /// The ASCII letter or digit that a character passes for.
    func letter(_ value: UInt32) -> UInt8? { letters[value] }

    /// Small Greek letters that are in the list and that nobody takes for Latin at the end of a word.
    static let apart: Set<UInt32> = [0x3B1, 0x3B3, 0x3C1, 0x3C3]

    /// ASCII letters that no letter of Greek or Cyrillic in common use looks like.
    static let unmistakable = Set("bdfgklmqtwzDFGJLNQRSUVWZ".unicodeScalars.map(\.value))

    private static let prototypes: [(UInt8, String)] = [
        (UInt8(ascii: "a"), "251 3B1 430 237A"),
        (UInt8(ascii: "b"), "184 42C 13CF 1472 15AF"),
        (UInt8(ascii: "c"), "3F2 441 1D04 217D 2CA5 ABAF 1043D"),
        (UInt8(ascii: "d"), "501 13E7 146F 2146 217E A4D2"),
        (UInt8(ascii: "e"), "435 4BD 212E 212F 2147 AB32"),
        (UInt8(ascii: "f"), "17F 584 1E9D A799 AB35"),
        (UInt8(ascii: "g"), "18D 261 581 1D83 210A"),
        (UInt8(ascii: "h"), "4BB 570 13C2 210E"),
        (UInt8(ascii: "i"), "131 269 26A 2DB 37A 3B9 456 13A5 1FBE 2139 2148 2170 2373 A647 AB75 118C3"),
        (UInt8(ascii: "j"), "3F3 458 2149"),
        (
            UInt8(ascii: "l"),
            """
            196 1C0 399 406 4C0 6F1 16C1 2110 2111 2113 2160 217C 2223 23FD 2C92 2D4F A4F2 1028A 10309 10320 \
            16F28 4CF
            """
        ),
        (UInt8(ascii: "n"), "578 57C"),
        (
            UInt8(ascii: "o"),
            """
            3BF 3C3 43E 585 6F5 966 A66 AE6 BE6 C02 C66 C82 CE6 D02 D20 D66 D82 E50 ED0 101D 1040 10FF 1D0F \
            1D11 2134 2C9F AB3D 1042C 104EA 118C8 118D7
            """
        ),
        (UInt8(ascii: "p"), "3C1 3F1 440 2374 2CA3"),
        (UInt8(ascii: "q"), "51B 563 566"),
        (UInt8(ascii: "r"), "433 1D26 2C85 AB47 AB48 AB81"),
        (UInt8(ascii: "s"), "1BD 455 A731 ABAA 10448 118C1"),
        (UInt8(ascii: "u"), "28B 3C5 57D 1D1C A79F AB4E AB52 104F6 118D8"),
        (UInt8(ascii: "v"), "3BD 475 1D20 2174 2228 22C1 ABA9 11706 118C0"),
        (UInt8(ascii: "w"), "26F 461 51D 561 1D21 AB83 1170A 1170E 1170F"),
        (UInt8(ascii: "x"), "D7 445 1541 157D 166E 2179 292B 292C 2A2F"),
        (UInt8(ascii: "y"), "263 28F 3B3 443 4AF 10E7 1D8C 1EFF 213D AB5A 118DC"),
        (UInt8(ascii: "z"), "1D22 AB93 118C4"),
        (UInt8(ascii: "A"), "391 410 13AA 15C5 A4EE 102A0 16F40"),
        (UInt8(ascii: "B"), "392 412 13F4 15F7 212C A4D0 A7B4 10282 102A1 10301"),
        (UInt8(ascii: "C"), "3F9 421 13DF 2102 212D 216D 2CA4 A4DA 102A2 10302 10415 1051C 118E9 118F2 1F74C"),
        (UInt8(ascii: "D"), "13A0 15DE 15EA 2145 216E A4D3"),
        (UInt8(ascii: "E"), "395 415 13AC 2130 22FF 2D39 A4F0 10286 118A6 118AE"),
        (UInt8(ascii: "F"), "3DC 15B4 2131 A4DD A798 10287 102A5 10525 118A2 118C2 1D213"),
        (UInt8(ascii: "G"), "50C 13C0 13F3 A4D6"),
        (UInt8(ascii: "H"), "397 41D 13BB 157C 210B 210C 210D 2C8E A4E7 102CF"),
        (UInt8(ascii: "J"), "37F 408 13AB 148D A4D9 A7B2"),
        (UInt8(ascii: "K"), "39A 41A 13E6 16D5 212A 2C94 A4D7 10518"),
        (UInt8(ascii: "L"), "13DE 14AA 2112 216C 2CD0 A4E1 1041B 10526 118A3 118B2 16F16 1D22A"),
        (UInt8(ascii: "M"), "39C 3FA 41C 13B7 15F0 16D6 2133 216F 2C98 A4DF 102B0 10311"),
        (UInt8(ascii: "N"), "39D 2115 2C9A A4E0 10513"),
        (
            UInt8(ascii: "O"),
            """
            39F 41E 555 9E6 B20 B66 12D0 2C9E 2D54 3007 A4F3 10292 102AB 10404 104C2 10516 114D0 118B5 118E0
            """
        ),
        (UInt8(ascii: "P"), "3A1 420 13E2 146D 2119 2CA2 A4D1 10295"),
        (UInt8(ascii: "Q"), "211A 2D55"),
        (UInt8(ascii: "R"), "1A6 13A1 13D2 1587 211B 211C 211D A4E3 104B4 16F35 1D216"),
        (UInt8(ascii: "S"), "405 54F 13D5 13DA A4E2 10296 10420 16F3A"),
        (UInt8(ascii: "T"), "3A4 422 13A2 22A4 27D9 2CA6 A4D4 10297 102B1 10315 118BC 16F0A 1F768"),
        (UInt8(ascii: "U"), "54D 1200 144C 222A 22C3 A4F4 104CE 118B8 16F42"),
        (UInt8(ascii: "V"), "474 6F7 13D9 142F 2164 2D38 A4E6 A6DF 1051D 118A0 16F08 1D20D"),
        (UInt8(ascii: "W"), "51C 13B3 13D4 A4EA 118E6 118EF"),
        (UInt8(ascii: "X"), "3A7 425 166D 16B7 2169 2573 2CAC 2D5D A4EB A7B3 10290 102B4 10317 10322 10527 118EC"),
        (UInt8(ascii: "Y"), "3A5 3D2 423 4AE 13A9 13BD 2CA8 A4EC 102B2 118A4 16F43"),
        (UInt8(ascii: "Z"), "396 13C3 2124 2128 A4DC 102F5 118A9 118E5"),
        (UInt8(ascii: "2"), "1A7 3E8 14BF A644 A6EF A75A"),
        (UInt8(ascii: "3"), "1B7 21C 417 4E0 2CCC A76A A7AB 118CA 16F3B 1D206"),
        (UInt8(ascii: "4"), "13CE 118AF"),
        (UInt8(ascii: "5"), "1BC 118BB"),
        (UInt8(ascii: "6"), "431 13EE 2CD2 118D5"),
        (UInt8(ascii: "7"), "104D2 118C6 1D212"),
        (UInt8(ascii: "8"), "222 223 9EA A6A B03 1031A"),
        (UInt8(ascii: "9"), "9ED A67 B68 D6D 2CCA A76E 118AC 118CC 118D6"),
    ]
}

extension TextScan {
    /// Reduces a name to what it looks like, for comparison with other names reduced in the same way; for nothing else.
    ///
    /// > Source: UTS #39 section 4, skeletons, for prototypes in ASCII.
    public static func skeleton(_ name: String) -> String {
        var result = String.UnicodeScalarView()
        ScriptTable.shared.withTable { table in
            for scalar in name.unicodeScalars {
                let value = scalar.value
                if value >= 0x80, table.isShifty(value) { continue }
                switch asciiForm(value) ?? value {
                case 0x49, 0x31, 0x7C: result.append("l")
                case 0x30: result.append("O")
                case 0x6D: result.append(contentsOf: "rn".unicodeScalars)
                case let form: if let scalar = Unicode.Scalar(form) { result.append(scalar) }
                }
            }
        }
        return String(result)
    }

    /// Finds the name that another one could be taken for without being it.
    ///
    /// - Parameters:
    ///   - name: The new name.
    ///   - known: The names that there are.
    /// - Returns: The first of them that looks the same, capitals and all.
    public static func imitated(by name: String, among known: some Sequence<String>) -> String? {
        let form = skeleton(name)
        return known.first { !$0.utf8.elementsEqual(name.utf8) && skeleton($0) == form }
    }

    private static func asciiForm(_ value: UInt32) -> UInt32? {
        switch value {
        case ..<0x80: nil
        case 0xFF01...0xFF5E: value - 0xFEE0
        case 0x1D400...0x1D6A3: letter((value - 0x1D400) % 52)
        case 0x1D7CE...0x1D7FF: 0x30 + (value - 0x1D7CE) % 10
        case 0x24B6...0x24E9: letter(value - 0x24B6)
        case 0x249C...0x24B5: letter(value - 0x249C + 26)
        case 0x1F110...0x1F129: letter(value - 0x1F110)
        case 0x1F130...0x1F149: letter(value - 0x1F130)
        case 0x1F150...0x1F169: letter(value - 0x1F150)
        case 0x1F170...0x1F189: letter(value - 0x1F170)
        case 0x2010...0x2015, 0x2212, 0xFE58, 0xFE63: 0x2D
        case 0x2024, 0x3002, 0xFF61: 0x2E
        case 0x2044, 0x2215, 0x29F8: 0x2F
        case 0x2216, 0x29F5, 0x29F9, 0xFE68: 0x5C
        case 0x2236, 0xA789, 0xFE55: 0x3A
        case 0xFE6B: 0x40
        default: Lookalikes.shared.letter(value).map { UInt32($0) }
        }
    }

    /// The letter of that number, capitals before small ones.
    private static func letter(_ number: UInt32) -> UInt32 { number < 26 ? 0x41 + number : 0x61 + number - 26 }
}
