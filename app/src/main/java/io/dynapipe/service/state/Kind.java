package io.dynapipe.service.state;

/** Kinds of resources. */
public enum Kind {
  INSTANCE("rep"),
  SUBNET_GROUP("subgrp"),
  ENDPOINT("endpoint"),
  CONNECTION("connection"),
  TASK("task"),
  CONFIG("replication-config"),
  CERTIFICATE("cert"),
  ASSESSMENT_RUN("assessment-run"),
  INDIVIDUAL_ASSESSMENT("individual-assessment"),
  EVENT("event");

  private final String arnPart;

  Kind(String arnPart) {
    this.arnPart = arnPart;
  }

  /** What stands for it in an ARN. */
  public String arnPart() {
    return arnPart;
  }
}
