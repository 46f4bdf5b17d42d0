// Package access holds the credentials by which components are reached, as data:
// users, passwords, keys and whom to trust. What a client makes of them is in
// access/dial. A secret is never printed: neither by fmt nor as JSON.
package access

import (
	"crypto/tls"
	"crypto/x509"
)

// Set has a component's login by its name. A component that it lacks is open to
// everybody, as all are in a nil Set.
type Set map[string]Login

// Login is how to get into one component. The zero Login is for one that is
// open to everybody.
type Login struct {
	User     string
	Password Secret
	// Mechanism is Kafka's: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. It is PLAIN
	// where a user is given without one.
	Mechanism string
	// APIKey is Elasticsearch's, base64 of id:key, instead of a user.
	APIKey Secret
	TLS    TLS
}

// Mechanisms are those of Kafka that a Login can name.
var Mechanisms = []string{"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}

// SASL returns Kafka's mechanism, or "" where nobody has to log in.
func (l Login) SASL() string {
	if l.User != "" && l.Mechanism == "" {
		return "PLAIN"
	}
	return l.Mechanism
}

// As says who logs in, for an error's text; never with what.
func (l Login) As() string {
	switch {
	case l.User != "":
		return "user " + l.User
	case !l.APIKey.Empty():
		return "an API key"
	}
	return "nobody (no user is given)"
}

// Secrets returns what must not be printed.
func (l Login) Secrets() []string {
	var list []string
	for _, s := range []Secret{l.Password, l.APIKey} {
		if !s.Empty() {
			list = append(list, s.Reveal())
		}
	}
	return list
}

// TLS says whether a connection is encrypted, and whom to trust.
type TLS struct {
	On bool
	// CA has certificates in PEM; empty for those that the system trusts.
	CA string
	// Insecure: whoever answers is trusted. It is for experiments only.
	Insecure bool
}

// Config returns what crypto/tls wants, or nil without TLS. With a CA that holds
// no certificate, nobody is trusted.
func (t TLS) Config() *tls.Config {
	if !t.On {
		return nil
	}
	config := &tls.Config{InsecureSkipVerify: t.Insecure, MinVersion: tls.VersionTLS12}
	if t.CA != "" {
		config.RootCAs = x509.NewCertPool()
		config.RootCAs.AppendCertsFromPEM([]byte(t.CA))
	}
	return config
}
