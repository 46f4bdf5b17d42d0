package wire

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"
)

// TestTLS opens a wire to a server of which one client knows the certificate
// and another doesn't.
func TestTLS(t *testing.T) {
	template := httptest.NewTLSServer(nil) // for its certificate
	defer template.Close()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: template.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go serveEcho(listener)
	trusted := x509.NewCertPool()
	trusted.AddCert(template.Certificate())
	for _, scheme := range []string{"ssl", "tls", "mqtts"} {
		at := &url.URL{Scheme: scheme, Host: listener.Addr().String()}
		c, err := Open(at, mqtt.ClientOptions{ConnectTimeout: 5 * time.Second, TLSConfig: &tls.Config{RootCAs: trusted}})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, 4)
		if _, err := c.Write([]byte("ping")); err != nil {
			t.Error(err)
		}
		if _, err := c.Read(got); err != nil || string(got) != "ping" {
			t.Errorf("%s: read %q, %v", scheme, got, err)
		}
		c.Close()
		var unknown *tls.CertificateVerificationError
		if _, err := Open(at, mqtt.ClientOptions{ConnectTimeout: 5 * time.Second, TLSConfig: &tls.Config{}}); !errors.As(err, &unknown) {
			t.Errorf("%s: a server that nobody vouches for: %v", scheme, err)
		}
	}
}

func serveEcho(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			text := make([]byte, 4)
			if _, err := conn.Read(text); err == nil {
				conn.Write(text)
			}
		}()
	}
}
