// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import HTTPTypes

/// What every answer tells browsers.
enum SecurityHeaders {
    static let all: [(HTTPField.Name, String)] = [
        (.contentSecurityPolicy, policy), (.xContentTypeOptions, "nosniff"), (.xFrameOptions, "DENY"),
        (.referrerPolicy, "no-referrer"), (.crossOriginOpenerPolicy, "same-origin"),
        (.crossOriginResourcePolicy, "same-origin"), (.cacheControl, "no-store"),
    ]

    /// Nothing from elsewhere, no script within pages; how long a bar is stands with the bar, made by us from a number.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self' \(Assets.inlineStyleDigest)",
        "style-src-attr 'unsafe-inline'", "img-src 'self'", "connect-src 'self'", "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ].joined(separator: "; ")
}

extension HTTPField.Name {
    /// Takes a name of this program's own.
    init(known name: StaticString) {
        guard let known = Self(name.description) else { preconditionFailure("“\(name)” is no name of a header") }
        self = known
    }

    fileprivate static let xFrameOptions = HTTPField.Name(known: "X-Frame-Options")
    fileprivate static let referrerPolicy = HTTPField.Name(known: "Referrer-Policy")
    fileprivate static let crossOriginOpenerPolicy = HTTPField.Name(known: "Cross-Origin-Opener-Policy")
}
#endif
