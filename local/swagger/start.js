"use strict";

// As in docs/openapi.json, components.securitySchemes.
const SCHEME = "launch";

async function start() {
  const people = await (await fetch("people.json")).json();
  const choice = document.getElementById("person");
  const header = document.getElementById("authorization");
  people.forEach((person, i) => choice.add(new Option(`${person.name} (id${person.vk_id})`, i)));

  const ui = SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#swagger-ui",
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    onComplete: become,
  });

  function become() {
    header.value = people[choice.value].authorization;
    ui.preauthorizeApiKey(SCHEME, header.value);
  }
  choice.addEventListener("change", become);
  header.addEventListener("focus", () => header.select());
}

start();
