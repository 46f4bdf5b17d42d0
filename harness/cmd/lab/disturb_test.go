package main

import "testing"

// TestDisturb has a broker keep what it was told over its end by kill -9.
func TestDisturb(t *testing.T) {
	heavy(t)
	for _, runtime := range []string{"local", "containers"} {
		t.Run(runtime, func(t *testing.T) {
			upMosquitto(t, runtime)
			lab(t, "exec", "mosquitto", "--", "touch", "kept").want(t, exitOK)
			lab(t, "kill", "mosquitto").want(t, exitOK, "mosquitto is killed")
			lab(t, "status").want(t, exitOK, "")
			lab(t, "kill", "mosquitto").want(t, exitError, "kill mosquitto: it is killed")
			lab(t, "restart", "mosquitto").want(t, exitOK, "mosquitto is ready again")
			lab(t, "exec", "mosquitto", "--", "test", "-e", "kept").want(t, exitOK)
			lab(t, "pause", "mosquitto").want(t, exitOK, "mosquitto is paused")
			lab(t, "resume", "mosquitto").want(t, exitOK, "mosquitto is running again")
			lab(t, "restart", "mosquitto").want(t, exitOK, "mosquitto is ready again")
			lab(t, "resume", "kafka").want(t, exitUsage, "it has [mosquitto]")
		})
	}
}
