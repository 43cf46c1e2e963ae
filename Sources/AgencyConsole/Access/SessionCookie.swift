// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import Hummingbird

/// The cookie that a browser keeps for whoever is signed in.
enum SessionCookie {
    static let name = "__Host-agency"

    static func made(_ token: String) -> Cookie {
        Cookie(name: name, value: token, path: "/", secure: true, httpOnly: true, sameSite: .strict)
    }

    static var gone: Cookie {
        Cookie(name: name, value: "", maxAge: 0, path: "/", secure: true, httpOnly: true, sameSite: .strict)
    }
}
#endif
