package keeper

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"hoplab.example/harness/server/access"
	"hoplab.example/harness/server/access/dial"
)

// TestSecure starts a broker that asks for a login, and looks for the password
// where it must not be.
func TestSecure(t *testing.T) {
	dir := folder(t)
	c := begin(t, Config{Dir: dir, Secure: true})
	state := ensure(t, c)
	logins, err := c.Access()
	if err != nil {
		t.Fatal(err)
	}
	login := logins["mosquitto"]
	if login.User == "" || len(login.Password.Reveal()) < 20 {
		t.Fatalf("login = %v", login)
	}
	if err := connect(state.Addr("mosquitto", "mqtt"), login); err != nil {
		t.Errorf("the right login: %v", err)
	}
	for _, wrong := range []access.Login{{}, {User: login.User, Password: access.Hide("wrong")}} {
		if err := connect(state.Addr("mosquitto", "mqtt"), wrong); !dial.Refused(err) {
			t.Errorf("%v: %v, want a refusal", wrong, err)
		}
	}
	info, err := os.Stat(filepath.Join(dir, secretsFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%s: %v, %v; want mode 0600", secretsFile, info, err)
	}
	told, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	log, _ := os.ReadFile(state.Components["mosquitto"].Log)
	if strings.Contains(string(told)+string(log), login.Password.Reveal()) {
		t.Error("the password is in the state or in a log")
	}
}

func connect(addr string, login access.Login) error {
	client := mqtt.NewClient(dial.MQTT(mqtt.NewClientOptions(), login).AddBroker(dial.MQTTURL(login, addr)).SetProtocolVersion(4))
	token := client.Connect()
	token.Wait()
	client.Disconnect(0)
	return token.Error()
}

// TestOpenRun: only a component that always asks for a login has one.
func TestOpenRun(t *testing.T) {
	c := begin(t, Config{Dir: folder(t)})
	if logins, err := c.Access(); err != nil || len(logins) != 1 || logins["superset"].User == "" {
		t.Errorf("logins = %v, %v", logins, err)
	}
}
