// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

extension Contacts {
    /// Accounts of banks (ISO 13616) and of chains.
    static func accounts(in scalars: [Unicode.Scalar]) -> [[Unicode.Scalar]] {
        var accounts: [[Unicode.Scalar]] = []
        let words = scalars.split { !isAlphanumeric($0) }
        for (index, word) in words.enumerated() where word.count >= 4 {
            if isIBANStart(word) {
                // Banks print it in groups of four.
                var account = Array(word)
                var next = index + 1
                while next < words.count, words[next].count <= 4, account.count < 34,
                    words[next].allSatisfy({ isCapitalOrDigit($0) })
                {
                    account += words[next]
                    next += 1
                }
                if (15...34).contains(account.count), account.count(where: isDigit) >= 8 { accounts.append(account) }
            }
            let isAddress = word.count == 10 && word.starts(with: ["0", "x"])
            let isChain = word.starts(with: ["0", "x"]) && word.count == 42 || word.starts(with: ["b", "c", "1"])
            let isBase58 = (word.first == "1" || word.first == "3") && word.contains(where: \.properties.isUppercase)
            let isLong = (26...90).contains(word.count) && word.contains(where: isDigit)
            if (isChain || isBase58) && isLong || isAddress || isOpaque(word) { accounts.append(Array(word)) }
        }
        return accounts
    }

    /// Whether a word is none that people write: long, of capitals, small letters and figures mixed.
    private static func isOpaque(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.count >= 16 && word.count(where: isDigit) >= 2 && word.count(where: isCapital) >= 2
            && word.count(where: \.properties.isLowercase) >= 4
    }

    private static func isIBANStart(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
        word.prefix(2).allSatisfy(isCapital) && word.dropFirst(2).prefix(2).allSatisfy(isDigit)
            && word.allSatisfy(isCapitalOrDigit)
    }

    private static func isCapital(_ scalar: Unicode.Scalar) -> Bool { ("A"..."Z").contains(scalar) }
    private static func isCapitalOrDigit(_ scalar: Unicode.Scalar) -> Bool { isCapital(scalar) || isDigit(scalar) }
    static func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        isCapitalOrDigit(scalar) || ("a"..."z").contains(scalar)
    }
    static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
