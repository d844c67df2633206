// SPDX-License-Identifier: Apache-2.0
// `entente device new`, `entente field-pack`, and the check on a device: what a crew takes along,
// and asks where there is no line (PROTOCOL 29).
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "base/encode.h"
#include "base/limits.h"
#include "cli/bind.h"
#include "cli/charter_files.h"
#include "cli/device.h"
#include "cli/field_check.h"
#include "cli/service.h"
#include "formats/answer.h"
#include "formats/geojson.h"
#include "net/target.h"
#include "node/field.h"
#include "store/files.h"

namespace entente::cli {
namespace {

struct DeviceArgs {
    std::string charter;
    std::string party;
    std::string name;
    std::string out;
};

struct FieldArgs {
    Common common;
    std::string device;
    std::string lat, lon, radius, margin = "0";
    std::string from, until;
    std::string out;
};

Result<void> make_device(const DeviceArgs& args) {
    TRY(charter, read_charter_file(args.charter));
    TRY(party, PartyId::parse(args.party));
    TRYV(Device::make(args.out, charter, party, args.name, os_random()));
    fmt::print(
        "{} is the device '{}' of {}\n"
        "give {}/device to {}'s node: entente field-pack --device device …\n"
        "{}/key opens what is sealed to it: it stays on the device\n",
        args.out, args.name, args.party, args.out, args.party, args.out);
    return {};
}

Result<void> make_pack(const FieldArgs& args) {
    TRY(card, read_device_card(args.device));
    TRY(service, Service::open(args.common, {Access::write, true, {}}));
    net::Request request;
    request.method = net::Method::post;
    request.target = fmt::format(
        "/v1/"
        "field-packs?device={}&key={}&charter={}&party={}&lat={}&lon={}&radius_m={}&margin_m={}&"
        "from={}&until={}",
        net::percent_encode(card.name), to_base64url(card.key.view()),
        net::percent_encode(card.charter), card.party.v, net::percent_encode(args.lat),
        net::percent_encode(args.lon), net::percent_encode(args.radius),
        net::percent_encode(args.margin), net::percent_encode(args.from),
        net::percent_encode(args.until));
    TRY(response, service.ask(std::move(request)));
    TRYV(write_new_file(args.out, response.bytes()));
    fmt::print(
        "{}: {} bytes, sealed to the device '{}'; that it was given is in the log\n"
        "on the device: entente check --pack {} --device DIR plan.geojson\n",
        args.out, grouped(response.bytes().size()), card.name, args.out);
    return {};
}

Exit done(const char* verb, const Result<void>& result) {
    return result ? Exit::ok : report(verb, result.error());
}

}  // namespace

Result<check::Answer> check_on_device(const std::string& device_dir, const std::string& pack,
                                      const check::Question& question, const ShowAnswer& show) {
    TRY(device, Device::open(device_dir));
    TRY(file, read_file(pack, limits::pack_bytes_max));
    TRY(field, node::open_field_pack(file, device.charter(), device.party(), device.secret()));
    const Instant moment = now();
    const Instant before = device.seen();
    TRYV(device.see(std::max(moment, field.made)));
    index::Scratch scratch;
    check::Answer answer = node::check_field(field, scratch, question, moment, before);
    show(view::View(field.snapshot, {device.party()}), answer);
    return answer;
}

void add_field(CLI::App& root, Run& run) {
    static DeviceArgs device_args;
    static FieldArgs field_args;
    CLI::App* device =
        root.add_subcommand("device", "A crew's device, which checks without a line");
    device->require_subcommand(1);
    CLI::App* app = device->add_subcommand("new", "Make a device's directory, on the device");
    app->footer(
        "\nExample:\n  entente device new --charter charter.toml --party fr "
        "--name 'crew 7' --out crew7\n");
    app->add_option("--charter", device_args.charter, "The charter's file")->required();
    app->add_option("--party", device_args.party, "Whose device it is")->required();
    app->add_option("--name", device_args.name, "What the log calls it; no person's name")
        ->required();
    app->add_option("--out", device_args.out, "A new directory")->required();
    app->callback([&] { run = [] { return done("device new", make_device(device_args)); }; });
    app = verb(root, "field-pack", "What a crew takes along and checks against without a line",
               "entente field-pack --device crew7/device --lat 33.51 --lon 36.28 --radius-m 50000 "
               "--from 2026-01-31T06:00:00Z --until 2026-02-01T06:00:00Z --out crew7.pack "
               "--data fr",
               field_args.common, false);
    app->add_option("--device", field_args.device, "The device's card: DIR/device")->required();
    app->add_option("--lat", field_args.lat, "Middle of the area, degrees")->required();
    app->add_option("--lon", field_args.lon, "Middle of the area, degrees")->required();
    app->add_option("--radius-m", field_args.radius, "Its radius, at most 500000")->required();
    app->add_option("--margin-m", field_args.margin,
                    "The most that a plan may ask for beyond buffers");
    app->add_option("--from", field_args.from, "Plans are for no earlier than this")->required();
    app->add_option("--until", field_args.until, "and end no later than this")->required();
    app->add_option("--out", field_args.out, "A new file")->required();
    app->callback([&] { run = [] { return done("field-pack", make_pack(field_args)); }; });
}

}  // namespace entente::cli
