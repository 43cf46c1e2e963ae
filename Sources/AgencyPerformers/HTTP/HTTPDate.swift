// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Reads the dates of HTTP headers.
enum HTTPDate {
    /// Seconds since 1970 of a date such as `Sun, 06 Nov 1994 08:49:37 GMT`; `nil` for anything else.
    ///
    /// > Source: RFC 9110, section 5.6.7 <https://www.rfc-editor.org/rfc/rfc9110#http.date> (IMF-fixdate); days from a civil
    /// > date after H. Hinnant <https://howardhinnant.github.io/date_algorithms.html#days_from_civil>.
    static func seconds(_ text: String) -> Int64? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = number(parts[1], 1...31),
            let month = months.firstIndex(of: String(parts[2])), let year = number(parts[3], 1...9999)
        else { return nil }
        let clock = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard clock.count == 3, let hour = number(clock[0], 0...23), let minute = number(clock[1], 0...59),
            let second = number(clock[2], 0...60)
        else { return nil }
        return (days(year, Int64(month) + 1, day) * 24 + hour) * 3600 + minute * 60 + second
    }

    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) else { return nil }
        return Int64(text).flatMap { range.contains($0) ? $0 : nil }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}
