#!/bin/sh
# Publishes each row of the folder $INPUT once, to the topic $TOPIC of the broker
# at $MQTT. The variables are set when the script runs; 'lab publish --help'
# lists the flags. Your rate is ${publish_rate}.
lab publish --broker "$MQTT" --topic TODO --qos TODO --input TODO --rate TODO
