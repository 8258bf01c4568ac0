package lan

// EAP over LAN, IEEE 802.1X-2020 clause 11, and EAP, RFC 3748 section 4.
const (
	eapolType = 0x888e // EtherType of port access entities

	eapolPacket, eapolStart = 0, 1
	eapRequest              = 1
	eapSuccess, eapFailure  = 3, 4
	eapolVersion            = 1 // of 2001: what every authenticator accepts
)

// paeGroup is where supplicants and authenticators find each other; no bridge
// forwards it (IEEE 802.1Q, table 8-1).
var paeGroup = []byte{0x01, 0x80, 0xc2, 0, 0, 0x03}

// startFrame is the body of EAPOL-Start: "here I am, ask me who I am". The
// minimum frame is filled up by the driver.
func startFrame() []byte { return []byte{eapolVersion, eapolStart, 0, 0} }

// eapIn reads the body of an EAPOL frame as an EAP packet and returns its
// code; false for anything else.
func eapIn(b []byte) (code byte, ok bool) {
	const head, least = 4, 4 // EAPOL's head; code, identifier and length of EAP
	if len(b) < head+least || b[0] == 0 || b[1] != eapolPacket {
		return 0, false
	}
	length := int(b[2])<<8 | int(b[3])
	if eap := int(b[6])<<8 | int(b[7]); length < least || eap < least || eap > length || head+length > len(b) {
		return 0, false
	}
	code = b[head]
	return code, code >= eapRequest && code <= eapFailure
}
