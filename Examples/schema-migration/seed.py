#!/usr/bin/env python3
"""Makes the database of the example, with the dirt that years of use leave behind.

    python3 seed.py WORKSPACE [--seed 20260401] [--customers 6000] [--tell]

It writes ``WORKSPACE/shop.db`` from ``WORKSPACE/schema.sql``, and ``WORKSPACE/checks/baseline.db``: the same rows once
more, with the answers that the application gives to a sample of questions. Both are written afresh. Chance comes
from the seed and the calendar is fixed, so equal arguments make equal databases. ``--tell`` counts the dirt.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Callable, Iterator

OPENED = date(2014, 2, 3)       # the first day of the order book
TODAY = date(2026, 3, 31)       # the last

TIDY_CUSTOMERS = 40             # the first page of the file is clean
LOST_CUSTOMERS = 14             # ids that were deleted once, to which orphan rows still point
LOST_ORDERS = 11
ORPHAN_ORDERS = 19
ORPHAN_LINES = 29
ORPHAN_PAYMENTS = 7
ORPHAN_CHANGES = 5
LATIN_1_STREETS = 14            # written by the till that was taken over, in its own encoding

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
OTHER_SPACES = 7 * "\N{NARROW NO-BREAK SPACE}" + 5 * "\N{THIN SPACE}" + 3 * "\N{IDEOGRAPHIC SPACE}" + 2 * "\N{EM SPACE}"

# MARK: People and places

CULTURES = {
    "Germany": (
        "Anna Lukas Greta Jürgen Käthe Matthias Ute Björn Sabine Florian Heike Moritz Renate Jörg Silke Anton Frieda "
        "Günther Katrin Tobias Marlene Uwe",
        "Huber Schneider Weiß Köhler Vogt Brandt Groß Lindner Kessler Strauß Böhm Seidel Hartwig Voß Kühn Ebert "
        "Pfeiffer Jäger Lorenz Albrecht Reuter Sommer Thiele Mönch",
        "Freiburg Kassel Lübeck Bamberg Görlitz", "Lindenweg Hauptstraße Bachgasse Gartenstraße Mühlenweg"),
    "France": (
        "Élodie Thomas Chloé Étienne Margaux Rémi Camille Benoît Aurélie Julien Océane Gaël Manon Théo Hélène Bastien "
        "Noémie Émile Lucie Cédric Inès Fabrice",
        "Durand Lefèvre Moreau Gérard Fontaine Béranger Roussel Chevalier Mérieux Perrin Dubois Garnier Hébert Renaud "
        "Leclerc Bouchet Delorme Pélissier Marchand Vasseur Arnaud Colin Besnard Guérin",
        "Nantes Dijon Rennes Colmar Annecy", "rue-des-Lilas rue-du-Moulin place-de-l’Église allée-des-Tilleuls"),
    "Spain": (
        "Carmen Javier Lucía Andrés Pilar Iñigo Marta Álvaro Begoña Sergio Nuria Raúl Rocío Gonzalo Ángela Jaime Inés "
        "Víctor Elena Ramón Teresa Óscar",
        "García Núñez Ortega Iglesias Peña Castillo Vázquez Romero Muñoz Serrano Cabrera Domínguez Soler Prieto Ibáñez "
        "Gallego Molina Lozano Méndez Crespo Benítez Pascual Vidal Rubio",
        "Granada Bilbao Toledo Girona Cádiz", "Calle-Mayor Calle-del-Olmo Avenida-del-Puerto Plaza-Nueva"),
    "Portugal": (
        "Beatriz João Inês Tiago Conceição Rui Mariana Duarte Sofia Nuno Leonor Gonçalo Catarina Miguel Luísa Vasco "
        "Teresa Afonso Graça Simão",
        "Ferreira Carvalho Simões Araújo Pinto Magalhães Nogueira Teixeira Lourenço Fonseca Guimarães Barros Freitas "
        "Moura Esteves Falcão Rocha Tavares Brandão Neves",
        "Évora Braga Aveiro Faro", "Rua-da-Prata Rua-das-Flores Largo-do-Chafariz"),
    "Italy": (
        "Chiara Marco Giulia Nicolò Elisa Davide Federica Paolo Silvia Andrea Martina Giorgio Ilaria Stefano Noemi "
        "Alessio Bianca Tommaso Gaia Enrico",
        "Rossi Bianchi Conti Ferri Galli Marchetti Rinaldi Caruso Fabbri Santoro Moretti Pellegrini Basile Longo "
        "Martinelli Serra Vitali Orlando Grasso Parisi",
        "Bologna Trento Lucca Lecce", "Via-Roma Via-dei-Platani Corso-Garibaldi Vicolo-Stretto"),
    "Netherlands": (
        "Sanne Daan Femke Joost Lotte Bram Marijke Sven Roos Thijs Anouk Pieter Hanneke Wouter Fleur Maarten Saskia "
        "Jeroen Tess Koen",
        "Bakker Visser Smit Mulder Dekker Kuiper Brouwer Hoekstra Postma Verhoeven Jansen Willems Schouten Prins Kok "
        "Timmermans Blom Zijlstra Hofman Veenstra",
        "Leiden Zwolle Breda Deventer", "Kerkstraat Molenweg Oudegracht Dorpsstraat"),
    "United Kingdom": (
        "Emily Oliver Harriet George Isla Callum Beth Alfie Imogen Rhys Poppy Duncan Maisie Gareth Fiona Alistair Nell "
        "Rupert Siân Ewan",
        "Hughes O’Brien Carter Whitfield Morgan Ashworth Sinclair Barlow Pritchard Hayes Lockwood Fraser Kendall "
        "Thornton Radcliffe Nash Holloway Bevan Marsh O'Connor",
        "York Bath Durham Stirling", "Mill-Lane Church-Street The-Crescent Station-Road"),
    "United States": (
        "Madison Tyler Grace Austin Hannah Brandon Chelsea Mason Dorothy Wesley Audrey Curtis Naomi Everett June "
        "Clayton Ruth Marcus Violet Preston",
        "Johnson Ramirez Walker Nguyen Bennett Coleman Park Foster Sullivan Hayes Greene Wallace Chavez Douglas "
        "Freeman Hoffman Tran Bishop Ellis Rhodes",
        "Ithaca Asheville Duluth Eugene", "Maple-Avenue Oak-Street Second-Street Ridge-Road"),
    "Poland": (
        "Agnieszka Paweł Zofia Krzysztof Małgorzata Łukasz Hanna Tomasz Ewa Michał Jagoda Rafał Iwona Stanisław Kinga "
        "Szymon Danuta Jędrzej Oliwia Marek",
        "Nowak Wójcik Mazur Król Sikora Wróbel Pawlak Łuczak Bąk Zając Kubiak Duda Kaczmarek Woźniak Stępień Dąbek "
        "Gajda Michalak Szczepaniak Włodarczyk Gołąb Kołodziej Sowa Wilk",
        "Kraków Toruń Lublin Gdynia", "ulica-Długa ulica-Lipowa ulica-Ogrodowa"),
    "Czechia": (
        "Jana Ondřej Tereza Jiří Lenka Tomáš Zdeňka Vojtěch Eliška Radek Markéta Štěpán Věra Matěj Kateřina Luboš",
        "Krejčí Kočí Martinů Petrů Janů Pavlů Matějů Jirků Tomů Šimků Dolejší Horní Jarní",
        "Brno Olomouc Tábor", "Nádražní Zahradní Dlouhá"),
    "Sweden": (
        "Åsa Lars Ingrid Göran Linnéa Erik Maja Håkan Ebba Oskar Kerstin Viktor Ylva Nils Elsa Björn",
        "Lindqvist Åkesson Bergström Nyström Holm Sjöberg Ekman Öberg Dahl Forsberg Lundin Hedlund Norén Sandström "
        "Björk Wallin",
        "Uppsala Lund Falun", "Storgatan Kyrkogatan Björkvägen"),
    "Finland": (
        "Aino Mikko Päivi Jukka Sari Väinö Outi Antti Hilkka Eero Kaisa Juhani",
        "Virtanen Mäkinen Korhonen Lehtinen Hämäläinen Laine Järvinen Niemi Salonen Kettunen Räsänen Heikkilä",
        "Turku Oulu", "Koulukatu Rantatie"),
    "Hungary": (
        "Zsófia Gergő Eszter Ádám Réka Péter Ildikó Máté Orsolya Zoltán Boglárka István",
        "Szabó Tóth Horváth Kiss Molnár Németh Farkas Balogh Lakatos Takács Juhász Fehér",
        "Szeged Pécs", "Petőfi-utca Kossuth-tér"),
    "Türkiye": (
        "Ayşe Mehmet Elif Ömer Zeynep Can Özlem Burak Şule Emre Gülşen Kaan",
        "Yılmaz Demir Şahin Çelik Aydın Öztürk Arslan Doğan Koç Kurt Özdemir Polat",
        "Bursa Edirne", "Atatürk-Caddesi Çınar-Sokak"),
    "India": (
        "Priya Arjun Kavita Rohan Ananya Vikram Meera Sanjay Divya Rahul Nandini Kiran",
        "Sharma Iyer Banerjee Kulkarni Menon Chowdhury Deshpande Nair Bhatt Kapoor Mukherjee Pillai",
        "Pune Kochi", "MG-Road Temple-Street"),
    "Nigeria": (
        "Adaeze Chinedu Folake Emeka Ngozi Tunde Amina Ifeanyi Yetunde Obinna",
        "Okafor Adeyemi Balogun Eze Nwosu Ogunleye Bello Onyekachi Danjuma Afolabi",
        "Ibadan Enugu", "Allen-Avenue Market-Road"),
    "Japan": (
        "Haruka Kenji Yumi Takashi Naoko Hiroshi Aiko Daisuke Mariko Shun",
        "Sato Tanaka Watanabe Kobayashi Yoshida Matsumoto Inoue Shimizu Hayashi Mori",
        "Kanazawa Sendai", "Sakura-dori Honmachi"),
    "Vietnam": (
        "Linh Minh Thảo Quang Hương Đức Ngọc Tuấn Mai Phong",
        "Nguyễn Trần Phạm Hoàng Vũ Đặng Bùi Đỗ Lê Dương",
        "Huế Đà-Lạt", "Đường-Lê-Lợi Phố-Huế"),
}

PARTICLE_FAMILIES = {
    "Netherlands": ("van der Meer", "van Dyck", "de Vries", "van den Berg", "ter Horst", "van Leeuwen", "de Groot"),
    "Germany": ("von Arnim", "von der Heide", "zu Solms", "von Bülow"),
    "France": ("de la Tour", "du Plessis", "de Villiers", "le Goff"),
    "Spain": ("de la Cruz", "de la Torre", "del Río", "de los Santos"),
    "Portugal": ("dos Santos", "da Silva", "de Almeida", "das Neves"),
    "Italy": ("della Valle", "di Stefano", "de Luca", "del Bosco"),
}

SINGLE_NAMES = (
    "Suryani Hartono Wulandari Sutrisno Yuliana Sugiarto Parvathi Lakshmi Ramesh Thenmozhi Zahra Nargis Farhad Htun "
    "Thiri Tashi Dorji Pema Sonam Kinley Supriyadi Lestari Widodo Kartini Murugan Selvi Gulbahar Tenzin Wangmo "
    "Suharti Bambang Ningsih Sulastri Mulyono Rukmini Arumugam Valli Jigme Choden Sunarti Winarno Palden Yangchen"
).split()

HONORIFICS = ("Dr.", "Prof.", "Dr.", "Prof. Dr.", "Rev.")
SUFFIXES = ("Jr.", "Sr.", "III", "PhD")
MAIL_HOSTS = ("mail.example", "post.example", "kontor.example", "webmail.example", "courriel.example", "brev.example",
              "example.org", "example.net")

# MARK: Goods

PRODUCTS = [
    (f"{prefix}-{number:02}", f"{title}, {kind}", cents + 85 * number)
    for prefix, title, cents, kinds in (
        ("PA", "Paper", 640, "laid cream|laid white|wove|cotton|blotting|marbled blue|marbled red|endpaper grey"),
        ("IN", "Ink", 990, "iron gall|lamp black|sepia|Prussian blue|vermilion|walnut"),
        ("TO", "Tool", 1480, "bone folder|awl|paring knife|sewing frame|backing hammer|finishing press|dividers"),
        ("TH", "Linen thread", 420, "18/3|25/3|30/3|35/3|waxed black|waxed natural"),
        ("CL", "Book cloth", 1250, "bottle green|claret|navy|sand|slate|black"),
        ("GL", "Glue", 560, "wheat paste|hide glue|methyl cellulose|PVA"),
        ("LE", "Leather", 3900, "calf tan|goat black|goat red|vellum"))
    for number, kind in enumerate(kinds.split("|"), start=1)
]


# MARK: Customers


@dataclass
class Customer:
    """One row of ``customers``; the last three fields are not stored."""

    id: int
    name: str
    email: str | None
    street: str
    postcode: str
    city: str
    country: str
    newsletter: int
    source: str
    created_at: str
    given: str
    family: str
    always_orders: bool = False

    def row(self) -> tuple:
        return astuple(self)[:10]

    def rename(self, given: str, family: str) -> None:
        self.given, self.family = given, family
        self.name = f"{given} {family}"


def anyone(customer: Customer) -> bool:
    return True


class Register:
    """The customers as they are entered, clean at first, and the addresses that are in use."""

    def __init__(self, chance: Random, count: int):
        self.chance = chance
        self.addresses: set[str] = set()
        every_id = range(1, count + LOST_CUSTOMERS + 1)
        self.lost = sorted(chance.sample(every_id, LOST_CUSTOMERS))
        kept = [id for id in every_id if id not in self.lost]
        self.customers = [self.enter(id, place / count) for place, id in enumerate(kept)]
        self.clean = chance.sample(self.customers[TIDY_CUSTOMERS:], count - TIDY_CUSTOMERS)

    def enter(self, id: int, place: float) -> Customer:
        """Enters a customer at ``place`` (0 to 1) of the file."""
        chance = self.chance
        country = chance.choice(list(CULTURES))
        givens, families, cities, streets = (words.split() for words in CULTURES[country])
        given, family = chance.choice(givens), chance.choice(families)
        if chance.random() < 0.04:
            given = " ".join(chance.sample(givens[chance.randrange(2)::2], 2))     # women and men alternate
        elif chance.random() < 0.03:
            family = "-".join(chance.sample(families, 2))
        source, created = self.origin(place)
        return Customer(
            id=id, name=f"{given} {family}", email=self.new_address(given, family),
            street=f"{chance.choice(streets).replace('-', ' ')} {chance.randint(1, 140)}",
            postcode=f"{chance.randint(10000, 99899)}", city=chance.choice(cities).replace("-", " "), country=country,
            newsletter=int(chance.random() < 0.45), source=source, created_at=created.isoformat(),
            given=given, family=family)

    def origin(self, place: float) -> tuple[str, date]:
        """Where a customer came from, and when. The file is in the order of entry, but for one takeover: its
        customers were entered in one go with the dates that the other shop had for them."""
        chance = self.chance
        entered = OPENED + (TODAY - OPENED) * place
        if 0.62 <= place < 0.74:
            return "takeover", entered - timedelta(days=chance.randint(60, 4000))
        if place < 0.30:
            source = "counter" if chance.random() < 0.7 else "telephone"
        elif place < 0.86:
            source = "web" if chance.random() < 0.8 else "telephone"
        else:
            source = "fair" if chance.random() < 0.6 else "web"
        return source, entered

    def new_address(self, given: str, family: str, local: str | None = None) -> str:
        """An address that nobody has yet. Some are written with capitals, as people do."""
        plain = local is None
        local = local or f"{ascii_letters(given.split()[0])}.{ascii_letters(family)}".strip(".").lower()
        host = self.chance.choice(MAIL_HOSTS)
        address, number = f"{local}@{host}", 2
        while fold(address) in self.addresses:
            address, number = f"{local}{number}@{host}", number + 1
        self.addresses.add(fold(address))
        if plain and self.chance.random() < 0.06:
            local, _, host = address.partition("@")
            address = f"{local.title()}@{host}"
        return address

    def take(self, wanted: Callable[[Customer], bool] = anyone) -> Customer:
        """Takes one of the customers that are still clean, so that nobody is soiled twice."""
        for index, customer in enumerate(self.clean):
            if wanted(customer):
                return self.clean.pop(index)
        raise SystemExit("seed.py: too few customers for so much dirt; ask for more with --customers")


def ascii_letters(text: str) -> str:
    """The letters of a name as most people type them in an address."""
    spelt = text.replace("ß", "ss").translate(str.maketrans("øØłŁđĐı", "oOlLdDi"))
    return "".join(letter for letter in unicodedata.normalize("NFD", spelt) if letter.isascii() and letter.isalpha())


def accented(text: str) -> bool:
    """Whether a text has letters that can be written as a letter and a combining accent."""
    return unicodedata.normalize("NFD", text) != text


def fold(address: str) -> str:
    """What two spellings of one address have in common."""
    return unicodedata.normalize("NFKC", address.strip()).casefold()


# MARK: Dirt in names


def soil_names(register: Register) -> None:
    """Soils the names of some customers, of each kind a fixed number."""
    for count, soil, wanted in NAME_DIRT:
        for number in range(count):
            customer = register.take(wanted)
            soil(customer, number, register)


def single_name(customer: Customer, number: int, register: Register) -> None:
    customer.name = SINGLE_NAMES[number]
    customer.email = register.new_address(customer.name, "")


def single_name_and_space(customer: Customer, number: int, register: Register) -> None:
    single_name(customer, len(SINGLE_NAMES) - 1 - number, register)
    customer.name += " "


def no_break_space(customer: Customer, number: int, register: Register) -> None:
    customer.name = customer.name.replace(" ", NO_BREAK_SPACE)


def other_space(customer: Customer, number: int, register: Register) -> None:
    customer.name = customer.name.replace(" ", OTHER_SPACES[number])


def double_space(customer: Customer, number: int, register: Register) -> None:
    customer.name = f"{customer.given}  {customer.family}"


def leading_space(customer: Customer, number: int, register: Register) -> None:
    customer.name = f" {customer.name}"


def trailing_space(customer: Customer, number: int, register: Register) -> None:
    customer.name += "  " if number % 4 == 3 else " "


def trailing_other(customer: Customer, number: int, register: Register) -> None:
    customer.name += ("\t", "\r\n", NO_BREAK_SPACE)[number % 3]


def family_first(customer: Customer, number: int, register: Register) -> None:
    given = f"Dr. {customer.given}" if number % 10 == 1 else customer.given
    comma = "," if number % 4 == 3 else f",{NO_BREAK_SPACE}" if number % 17 == 2 else ", "
    if customer.country in PARTICLE_FAMILIES:
        particles(customer, number, register)
    customer.name = f"{customer.family}{comma}{given}"


def suffix(customer: Customer, number: int, register: Register) -> None:
    customer.name += f", {SUFFIXES[number % len(SUFFIXES)]}"


def particles(customer: Customer, number: int, register: Register) -> None:
    customer.rename(customer.given, register.chance.choice(PARTICLE_FAMILIES[customer.country]))
    customer.email = register.new_address(customer.given, customer.family)


def honorific(customer: Customer, number: int, register: Register) -> None:
    customer.name = f"{HONORIFICS[number % len(HONORIFICS)]} {customer.name}"


def decomposed(customer: Customer, number: int, register: Register) -> None:
    customer.name = unicodedata.normalize("NFD", customer.name)


NAME_DIRT = (
    (31, single_name, anyone),
    (12, single_name_and_space, anyone),
    (41, no_break_space, lambda customer: customer.source == "takeover"),
    (17, other_space, lambda customer: customer.source == "fair"),
    (67, double_space, anyone),
    (23, leading_space, anyone),
    (89, trailing_space, anyone),
    (19, trailing_other, lambda customer: customer.source in ("web", "fair")),
    (53, family_first, anyone),
    (6, suffix, lambda customer: customer.country == "United States"),
    (137, particles, lambda customer: customer.country in PARTICLE_FAMILIES),
    (61, honorific, anyone),
    (29, decomposed, lambda customer: accented(customer.name)),
)

# MARK: Dirt in addresses


def soil_addresses(register: Register) -> None:
    """Soils the addresses of some customers that share theirs with nobody."""
    for count, soil in LONE_ADDRESS_DIRT:
        for number in range(count):
            customer = register.take()
            customer.email = soil(customer.email, number)


LONE_ADDRESS_DIRT: tuple[tuple[int, Callable[[str, int], str | None]], ...] = (
    (112, lambda email, number: None),
    (37, lambda email, number: ""),
    (5, lambda email, number: "  "),
    (47, lambda email, number: f" {email}" if number % 3 == 0 else f"{email} "),
)


def soil_accented_addresses(register: Register) -> None:
    """Gives some customers an address with accented capitals, which nobody else has."""
    for _ in range(15):
        customer = register.take(has_accented_address)
        local, _, host = accented_address(customer, register).partition("@")
        customer.email = f"{local.upper()}@{host}"


def has_accented_address(customer: Customer) -> bool:
    """Whether the name has accents, and comes through capitals and back."""
    name = customer.name
    return accented(name) and name.upper().casefold() == name.casefold() and "ß" not in name


def accented_address(customer: Customer, register: Register) -> str:
    local = f"{customer.given}.{customer.family}".lower().replace(" ", ".").replace("'", "").replace("’", "")
    return register.new_address(customer.given, customer.family, local=local)


# MARK: Two accounts with one address


def enter_twins(register: Register) -> None:
    """Gives some persons a second account, with the same address spelt in another way."""
    for count, spell, wanted in TWIN_ADDRESSES:
        for number in range(count):
            first = register.take(wanted)
            second = register.take(lambda customer: customer.source == "takeover" or number % 3 != 0)
            if wanted is not anyone:
                first.email = accented_address(first, register)
            else:
                first.email = first.email.lower()
            copy_person(first, second, register.chance)
            second.email = spell(first.email)


def copy_person(first: Customer, second: Customer, chance: Random) -> None:
    """Makes ``second`` another account of ``first``: the name perhaps written otherwise, perhaps after a move."""
    second.rename(first.given, first.family)
    written = chance.choice(("as before", "as before", "as before", "capitals", "space", "comma"))
    if written == "capitals" and first.name.upper().casefold() == first.name.casefold():
        second.name = first.name.upper()
    elif written == "space":
        second.name = f"{first.name} "
    elif written == "comma":
        second.name = f"{first.family}, {first.given}"
    second.newsletter, second.country, second.city = first.newsletter, first.country, first.city
    if chance.random() < 0.6:
        second.street, second.postcode = first.street, first.postcode


def in_capitals(address: str) -> str:
    local, _, host = address.partition("@")
    return f"{local.upper()}@{host}"


def full_width(address: str) -> str:
    local, _, host = address.partition("@")
    return "".join(chr(ord(letter) + 0xFEE0) for letter in local) + "@" + host


TWIN_ADDRESSES: tuple[tuple[int, Callable[[str], str], Callable[[Customer], bool]], ...] = (
    (10, lambda address: address, anyone),
    (21, in_capitals, anyone),
    (14, str.title, anyone),
    (13, lambda address: f"{address} ", anyone),
    (9, in_capitals, has_accented_address),
    (6, lambda address: unicodedata.normalize("NFD", address), has_accented_address),
    (5, lambda address: f"{address}{NO_BREAK_SPACE}", anyone),
    (4, full_width, anyone),
    (3, in_capitals, lambda customer: "ß" in customer.family),
)


def enter_households(register: Register) -> None:
    """Lets different persons share an address, some of them with a third account that belongs to one of the two."""
    for number in range(8):
        first = register.take()
        second = register.take(lambda customer: customer.given != first.given)
        first.email = register.new_address(first.given, first.family, local=ascii_letters(first.family).lower())
        second.rename(second.given, first.family)
        second.email = first.email.title() if number % 3 == 1 else first.email
        second.street, second.postcode, second.city = first.street, first.postcode, first.city
        second.country, second.newsletter = first.country, first.newsletter
        first.always_orders = second.always_orders = True
        if number == 7:
            third = register.take()
            copy_person(first, third, register.chance)
            third.email = f"{first.email} "


def enter_lookalikes(register: Register) -> None:
    """Lets accounts share an address whose names are alike, and yet not the same."""
    for number in range(5):
        first = register.take()
        second = register.take()
        first.email = first.email.lower()
        copy_person(first, second, register.chance)
        second.name = f"Dr. {first.name}" if number % 2 else f"{first.given[0]}. {first.family}"
        second.email = first.email.title() if number % 3 == 1 else first.email
        first.always_orders = second.always_orders = True


# MARK: Orders


class OrderBook:
    """The orders of the customers, with their lines and payments, and what is left of orders that are gone."""

    def __init__(self, register: Register):
        self.chance = register.chance
        self.orders: list[tuple] = []
        self.lines: list[tuple] = []
        self.payments: list[tuple] = []
        self.enter(sorted(self.wishes(register)))

    def wishes(self, register: Register) -> Iterator[tuple[str, int, bool]]:
        """Day, customer, and whether it is a large order; a few for customers who were deleted since."""
        chance = self.chance
        regulars = {customer.id for customer in chance.sample(register.clean, 30)}
        for customer in register.customers:
            since = max(date.fromisoformat(customer.created_at), OPENED)
            if customer.id in regulars:
                count = chance.randint(25, 60)
            else:
                count = max(chance.choice((0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 7)), customer.always_orders)
            for _ in range(count):
                yield self.day_after(since), customer.id, customer.id in regulars
        for number in range(ORPHAN_ORDERS):
            yield self.day_after(OPENED), register.lost[number % len(register.lost)], False

    def day_after(self, day: date, within: int | None = None) -> str:
        """A day between ``day`` and the last of the book."""
        days = max((TODAY - day).days, 0)
        return (day + timedelta(days=self.chance.randint(0, min(days, within or days)))).isoformat()

    def enter(self, wishes: list[tuple[str, int, bool]]) -> None:
        """Enters the orders by day, and loses some of them without their lines and payments."""
        chance = self.chance
        every_id = range(1, len(wishes) + LOST_ORDERS + 1)
        lost = sorted(chance.sample(every_id, LOST_ORDERS))
        kept = (id for id in every_id if id not in lost)
        for id, (day, customer, large) in zip(kept, wishes):
            recent = day > (TODAY - timedelta(days=12)).isoformat()
            status = "open" if recent else "cancelled" if chance.random() < 0.03 else "sent"
            self.orders.append((id, customer, day, status))
            lines = chance.randint(3, 6) if large else chance.randint(1, 3)
            total = sum(self.enter_line(id, large) for _ in range(lines))
            if status == "sent":
                self.enter_payments(id, day, total)
        for number in range(ORPHAN_LINES):
            self.enter_line(lost[number % len(lost)], False)
        for number in range(ORPHAN_PAYMENTS):
            self.enter_payment(lost[number], self.day_after(OPENED), chance.randint(800, 9000))

    def enter_line(self, order: int, large: bool) -> int:
        """Enters one line and returns what it comes to."""
        sku, _, price = self.chance.choice(PRODUCTS)
        quantity = self.chance.randint(4, 20) if large else self.chance.randint(1, 3)
        self.lines.append((len(self.lines) + 1, order, sku, quantity, price))
        return quantity * price

    def enter_payments(self, order: int, day: str, total: int) -> None:
        """Most orders are paid at once, some in two parts, a few in part or never."""
        fate = self.chance.random()
        sent = date.fromisoformat(day)
        if fate < 0.90:
            self.enter_payment(order, self.day_after(sent, within=30), total)
        elif fate < 0.98:
            self.enter_payment(order, self.day_after(sent, within=20), total // 2)
            if fate < 0.96:
                self.enter_payment(order, self.day_after(sent, within=90), total - total // 2)

    def enter_payment(self, order: int, day: str, cents: int) -> None:
        method = self.chance.choice(("card", "transfer", "transfer", "cash"))
        self.payments.append((len(self.payments) + 1, order, day, cents, method))


def changes(register: Register, count: int = 420) -> list[tuple]:
    """What was changed about customers: their address, or their name at a marriage; some of them are gone since."""
    chance = register.chance
    rows = []
    for customer in chance.sample(register.clean, count):
        day = max(date.fromisoformat(customer.created_at), OPENED) + timedelta(days=chance.randint(1, 900))
        family = chance.choice(CULTURES[customer.country][1].split())
        if chance.random() < 0.8:
            nickname = ascii_letters(customer.given.split()[0]).lower()
            old = f"{nickname}{chance.randint(50, 99)}@{chance.choice(MAIL_HOSTS)}"
            rows.append((min(day, TODAY).isoformat(), customer.id, "email", old, customer.email))
        elif family != customer.family:
            rows.append((min(day, TODAY).isoformat(), customer.id, "name", f"{customer.given} {family}", customer.name))
    for id in register.lost[:ORPHAN_CHANGES]:
        rows.append((OPENED.isoformat(), id, "email", None, f"customer{id}@{MAIL_HOSTS[0]}"))
    return [(number, customer, field, old, new, day)
            for number, (day, customer, field, old, new) in enumerate(sorted(rows, key=lambda row: row[:2]), start=1)]


# MARK: Writing


def write_shop(path: Path, schema: str, chance: Random, count: int) -> None:
    """Writes the order book."""
    register = Register(chance, count)
    soil_names(register)
    soil_addresses(register)
    soil_accented_addresses(register)
    enter_twins(register)
    enter_households(register)
    enter_lookalikes(register)
    book = OrderBook(register)

    tables = {
        "customers": [customer.row() for customer in register.customers],
        "products": PRODUCTS,
        "orders": book.orders,
        "order_lines": book.lines,
        "payments": book.payments,
        "customer_changes": changes(register),
    }
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as shop:
        shop.execute("pragma journal_mode = delete")    # so that it can be read where nothing can be written
        shop.executescript(f"begin;\n{schema}")
        for table, rows in tables.items():
            places = ", ".join("?" * len(rows[0]))
            shop.executemany(f"insert into {table} values ({places})", rows)
        shop.commit()


def write_baseline(path: Path, workspace: Path, chance: Random) -> None:
    """Writes what the checks compare with: the rows as they are now, and what the application answers now."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(workspace))
    from app import db, queries

    with closing(db.connect(workspace / "shop.db")) as shop:
        answers = [
            (number, name, json.dumps(values), json.dumps(queries.run(shop, name, *values), ensure_ascii=False))
            for number, (name, *values) in enumerate(questions(shop, chance), start=1)
        ]
        tables = [name for name, in shop.execute("select name from sqlite_master where type = 'table' order by name")]
    with closing(sqlite3.connect(workspace / "shop.db")) as shop:
        soil_streets(shop, spared={json.loads(values)[0] for _, name, values, _ in answers if name in ("label", "history")})
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as baseline:
        baseline.execute("pragma journal_mode = delete")
        baseline.execute("attach ? as shop", [str(workspace / "shop.db")])
        baseline.execute("begin")
        for table in tables:
            baseline.execute(f"create table main.{table} as select * from shop.{table} order by 1")
        baseline.execute("create table main.answers (id integer primary key, query text, arguments text, answer text)")
        baseline.executemany("insert into main.answers values (?, ?, ?, ?)", answers)
        baseline.commit()


def soil_streets(shop: sqlite3.Connection, spared: set[int]) -> None:
    """Puts Latin-1 where UTF-8 should be, as a text that SQLite keeps and Python will not read."""
    streets = shop.execute("select id, street from customers where source = 'takeover' order by id").fetchall()
    foreign = [(street, id) for id, street in streets if id not in spared and in_latin_1_only(street)]
    shop.executemany(
        "update customers set street = cast(? as text) where id = ?",
        [(street.encode("latin-1"), id) for street, id in foreign[:LATIN_1_STREETS]])
    shop.commit()


def in_latin_1_only(text: str) -> bool:
    return not text.isascii() and all(ord(letter) < 256 for letter in text)


def questions(shop: sqlite3.Connection, chance: Random) -> Iterator[tuple]:
    """The sample of questions: about any customers, and as many about customers with an unusual name."""
    customers = shop.execute("select id, name, email, city from customers order by id").fetchall()
    unusual = [customer for customer in customers if unusual_name(customer["name"])]
    sample = chance.sample(customers, 60) + chance.sample(unusual, 60)
    for customer in sample:
        yield "label", customer["id"]
        yield "history", customer["id"]
        if (customer["email"] or "").strip():
            yield "login", customer["email"]
    capitals = [customer for customer in customers if (customer["email"] or "") != (customer["email"] or "").lower()]
    for customer in chance.sample(capitals, 60):
        yield "login", customer["email"]
    for prefix in ("Anna", "mar", "Jo", "Lars S", "Maria", "Dr. ", "Prof. Dr", "Élo", "Öz", "S", "Giulia Co", "Xq"):
        yield "find", prefix
    for city in ("Freiburg", "Nantes", "Ithaca", "Kraków", "Huế", "Leiden", "Atlantis"):
        yield "newsletter", city
    orders = [order for order, in shop.execute("select id from orders order by id")]
    for order in chance.sample(orders, 60):
        yield "invoice", order
    for day in ("2016-01-01", "2021-07-01"):
        yield "overdue", day
    changed = [customer for customer, in shop.execute("select distinct customer_id from customer_changes order by 1")]
    for customer in chance.sample(changed, 30):
        yield "changes", customer
    yield "top-customers", 10
    yield "top-customers", 25
    yield ("orphans",)


def unusual_name(name: str) -> bool:
    return "," in name or " " not in name.strip() or name != " ".join(name.split())


# MARK: Telling


def tell(path: Path) -> None:
    """Counts the dirt in a database, from its rows alone."""
    with closing(sqlite3.connect(path)) as shop:
        customers = shop.execute("select name, email from customers").fetchall()
        not_utf_8 = sum(not is_utf_8(street) for street, in shop.execute("select cast(street as blob) from customers"))
        orphans = {label: shop.execute(f"select count(*) from {rows}").fetchone()[0] for label, rows in ORPHANS.items()}
    groups = defaultdict(list)
    for name, email in customers:
        if email and email.strip():
            groups[fold(email)].append((name, email))
    names = [name for name, _ in customers]
    addresses = [email for _, email in customers]
    shared = [group for group in groups.values() if len(group) > 1]
    for rows, kinds in ((names, NAMES), (addresses, ADDRESSES), (shared, SHARED)):
        for label, holds in kinds.items():
            print(f"{sum(map(holds, rows)):>6}  {label}")
    print(f"{not_utf_8:>6}  streets that are not UTF-8")
    for label, number in orphans.items():
        print(f"{number:>6}  {label}")


def is_utf_8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def spaced_only_by(name: str, unseen: bool) -> bool:
    """Whether the parts of a name are held apart only by no-break spaces, or only by others that are ``unseen``."""
    return len(name.split()) > 1 and "," not in name and " " not in name and unseen == (NO_BREAK_SPACE not in name)


def sqlite_fold(address: str) -> str:
    """What ``lower(trim(address))`` is to SQLite, which knows the capitals of ASCII and the plain space."""
    return "".join(letter.lower() if letter.isascii() else letter for letter in address.strip(" "))


def spellings(group: list[tuple[str, str]], key: Callable[[str], str]) -> int:
    """How many addresses a group of accounts seems to have under ``key``."""
    return len({key(email) for _, email in group})


def persons(group: list[tuple[str, str]]) -> int:
    """How many persons a group of accounts seems to be, wherever the comma of their names is."""
    return len({tuple(sorted(fold(name).replace(",", " ").split())) for name, _ in group})


PARTICLES = {word for families in PARTICLE_FAMILIES.values() for family in families for word in family.split()[:-1]}

NAMES: dict[str, Callable[[str], bool]] = {
    "names": lambda name: True,
    "single names": lambda name: len(name.split()) == 1 and "," not in name,
    "  … with a space after them": lambda name: len(name.split()) == 1 and name.endswith(" "),
    "names with no other space than no-break spaces": lambda name: spaced_only_by(name, unseen=False),
    "names with no other space than stranger ones": lambda name: spaced_only_by(name, unseen=True),
    "names with a double space": lambda name: "  " in name.strip(),
    "names with a space before": lambda name: name.startswith(" "),
    "names with a space after": lambda name: name.endswith(" "),
    "names with other white space after": lambda name: name != name.rstrip() and not name.endswith(" "),
    "names with the family name first": lambda name: "," in name and not name.endswith(SUFFIXES),
    "  … and no space after the comma": lambda name: "," in name and ", " not in name,
    "names with a suffix": lambda name: name.endswith(SUFFIXES),
    "names with particles": lambda name: any(f" {word} " in f" {name}" for word in PARTICLES),
    "names with an honorific": lambda name: any(word in name for word in HONORIFICS),
    "names with decomposed letters": lambda name: name != unicodedata.normalize("NFC", name),
}

ADDRESSES: dict[str, Callable[[str | None], bool]] = {
    "addresses that are null": lambda email: email is None,
    "addresses that are empty": lambda email: email == "",
    "addresses that are blank": lambda email: bool(email) and not email.strip(),
    "addresses with white space around": lambda email: bool(email) and email.strip() not in ("", email),
}

SHARED: dict[str, Callable[[list[tuple[str, str]]], bool]] = {
    "addresses of more than one customer": lambda group: True,
    "  … letter by letter the same": lambda group: spellings(group, str) == 1,
    "  … the same to lower() and trim() of SQLite": lambda group: spellings(group, sqlite_fold) == 1,
    "  … not the same to them": lambda group: spellings(group, sqlite_fold) > 1,
    "  … of different names": lambda group: persons(group) > 1,
}

ORPHANS = {
    "orders without their customer": "orders where customer_id not in (select id from customers)",
    "order lines without their order": "order_lines where order_id not in (select id from orders)",
    "payments without their order": "payments where order_id not in (select id from orders)",
    "changes without their customer": "customer_changes where customer_id not in (select id from customers)",
}

# MARK: The command


def main() -> None:
    parser = argparse.ArgumentParser(description="Makes the database of the example.")
    parser.add_argument("workspace", type=Path, help="a copy of the folder workspace")
    parser.add_argument("--seed", type=int, default=20260401)
    parser.add_argument("--customers", type=int, default=6000)
    parser.add_argument("--tell", action="store_true", help="count the dirt")
    options = parser.parse_args()

    workspace = options.workspace.resolve()
    shop = workspace / "shop.db"
    chance = Random(options.seed)
    write_shop(shop, (workspace / "schema.sql").read_text(encoding="utf-8"), chance, options.customers)
    write_baseline(workspace / "checks" / "baseline.db", workspace, chance)
    print(f"wrote shop.db with {options.customers} customers, and checks/baseline.db")
    if options.tell:
        tell(shop)


if __name__ == "__main__":
    main()
