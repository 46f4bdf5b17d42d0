package dial

import (
	"crypto/tls"
	"errors"
	"fmt"

	"github.com/eclipse/paho.mqtt.golang/packets"
	"github.com/segmentio/kafka-go"

	"hoplab.example/harness/server/access"
)

// RefusedError says that a component refuses a login, so trying again is pointless.
type RefusedError struct {
	Component, Addr string
	As              string // who wanted in
	Cause           error
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("%s at %s refuses %s: %v", e.Component, e.Addr, e.As, e.Cause)
}

func (e *RefusedError) Unwrap() error { return e.Cause }

// Hint says what to do about it.
func (e *RefusedError) Hint() string {
	return "check " + e.Component + "'s user, password, key and tls in the file of --attach"
}

// ErrUnauthorized is the cause of a refusal over HTTP.
var ErrUnauthorized = errors.New("401 Unauthorized: the user or the key is wrong")

// ErrForbidden is the cause for a user who is known but lacks a right.
var ErrForbidden = errors.New("403 Forbidden: it lacks the right to do this")

// Explain returns a *RefusedError where err is a component's refusal of a login,
// and err itself otherwise.
func Explain(component, addr string, login access.Login, err error) error {
	if err == nil || !Refused(err) {
		return err
	}
	if already := (*RefusedError)(nil); errors.As(err, &already) {
		return err
	}
	return &RefusedError{Component: component, Addr: addr, As: login.As(), Cause: err}
}

// Refused reports whether err is of a login that isn't let in, or of a server
// that isn't the one to trust. A connection that just breaks isn't a refusal:
// it may be the network's fault.
func Refused(err error) bool {
	for _, refusal := range []error{
		packets.ErrorRefusedBadUsernameOrPassword, packets.ErrorRefusedNotAuthorised,
		kafka.SASLAuthenticationFailed, kafka.UnsupportedSASLMechanism, ErrUnauthorized, ErrForbidden,
	} {
		if errors.Is(err, refusal) {
			return true
		}
	}
	return errors.As(err, new(*tls.CertificateVerificationError))
}
