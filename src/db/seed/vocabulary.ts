const words = (text: string): readonly string[] => text.trim().split(/\s*,\s*/);

/** Where somebody comes from decides name, phone and address together. */
export interface Culture {
  country: string;
  first: readonly string[];
  last: readonly string[];
  cities: readonly string[];
  streets: readonly string[];
  /** `#` stands for a digit. */
  phone: string;
  domain: string;
  company: readonly string[];
}

const culture = (
  country: string,
  phone: string,
  domain: string,
  company: string,
  lists: Record<'first' | 'last' | 'cities' | 'streets', string>,
): Culture => ({
  country,
  phone,
  domain,
  company: words(company),
  first: words(lists.first),
  last: words(lists.last),
  cities: words(lists.cities),
  streets: words(lists.streets),
});

export const cultures: readonly Culture[] = [
  culture('United States', '+1 ### 555 01##', 'com', 'Inc., LLC, Corp., Group', {
    first:
      'Olivia, James, Ava, Michael, Grace, Daniel, Hannah, Marcus, Chloe, Tyler, Naomi, Jordan, Abigail, Caleb, Zoe, Nathan, Ruth, Isaac, Paige, Wesley',
    last: 'Carter, Brooks, Hayes, Sullivan, Bennett, Coleman, Foster, Griffin, Hughes, Jenkins, Lawson, Mercer, Parker, Reyes, Spencer, Turner, Walsh, Whitman, Booker, Delgado',
    cities: 'Portland OR 97204, Austin TX 78701, Denver CO 80202, Boston MA 02110, Chicago IL 60601, Atlanta GA 30303',
    streets: 'Main Street, Oak Avenue, Maple Drive, Washington Boulevard, 5th Avenue, Lakeview Road',
  }),
  culture('United Kingdom', '+44 20 7946 0###', 'co.uk', 'Ltd, plc, & Sons, Partners', {
    first:
      'Amelia, Oliver, Isla, George, Freya, Harry, Poppy, Arthur, Imogen, Callum, Beatrice, Rhys, Eleanor, Angus, Florence, Owen, Matilda, Fergus, Nia, Hamish',
    last: 'Ashworth, Barlow, Clarke, Davies, Ellis, Fletcher, Gallagher, Hargreaves, Kendrick, Llewellyn, MacLeod, Norris, Pritchard, Radcliffe, Sinclair, Thornton, Underwood, Whitaker, Wren, Yates',
    cities: 'London EC1A 1BB, Manchester M1 1AE, Leeds LS1 4DY, Bristol BS1 4ST, Edinburgh EH1 1YZ, Cardiff CF10 1EP',
    streets: 'High Street, Church Lane, Station Road, Victoria Street, Mill Lane, King Street',
  }),
  culture('Germany', '+49 30 5550 ####', 'de', 'GmbH, AG, KG, GmbH & Co. KG', {
    first:
      'Anneliese, Jürgen, Katharina, Lukas, Marie, Matthias, Sabine, Sören, Ulrike, Wolfgang, Lena, Felix, Franziska, Björn, Heike, Tobias, Jana, Konrad, Miriam, Rüdiger',
    last: 'Müller, Schäfer, Weiß, Krüger, Zimmermann, Hofmann, Lehmann, Vogel, Böhm, Jäger, Brandt, Sommer, Köhler, Kühn, Roth, Busch, Lindner, Hartmann, Engel, Groß',
    cities: '10115 Berlin, 20095 Hamburg, 80331 München, 50667 Köln, 04109 Leipzig, 70173 Stuttgart',
    streets: 'Hauptstraße, Bahnhofstraße, Gartenweg, Lindenallee, Schillerstraße, Am Markt',
  }),
  culture('France', '+33 1 99 00 ## ##', 'fr', 'SARL, SAS, SA, et Fils', {
    first:
      'Amélie, Benoît, Camille, Didier, Élodie, François, Gaëlle, Hugo, Inès, Jérôme, Léa, Mathieu, Noémie, Olivier, Pauline, Quentin, Raphaël, Solène, Théo, Zoé',
    last: 'Lefèvre, Moreau, Fournier, Girard, Bonnet, Dupont, Lambert, Rousseau, Blanchard, Guérin, Boyer, Chevalier, Renard, Marchand, Picard, Aubert, Masson, Perrot, Vasseur, Delacroix',
    cities: '75001 Paris, 69002 Lyon, 13001 Marseille, 31000 Toulouse, 33000 Bordeaux, 59000 Lille',
    streets: 'rue de la République, avenue Victor Hugo, rue des Lilas, boulevard Voltaire, place du Marché, rue Pasteur',
  }),
  culture('Spain', '+34 910 55 ## ##', 'es', 'S.L., S.A., y Asociados', {
    first:
      'Alejandra, Álvaro, Beatriz, Carlos, Elena, Fernando, Inés, Javier, Lucía, Manuel, Marta, Nicolás, Paula, Rafael, Sofía, Tomás, Verónica, Víctor, Ximena, Íñigo',
    last: 'García, Martínez, Sánchez, Rodríguez, Fernández, Muñoz, Núñez, Ibáñez, Castro, Ortega, Delgado, Vega, Molina, Serrano, Prieto, Aguilar, Peña, Campos, Cortés, Ríos',
    cities: '28001 Madrid, 08001 Barcelona, 41001 Sevilla, 46001 Valencia, 48001 Bilbao, 29001 Málaga',
    streets: 'Calle Mayor, Gran Vía, Calle de Alcalá, Avenida de América, Plaza de España, Calle del Sol',
  }),
  culture('Japan', '+81 3 5550 ####', 'co.jp', 'K.K., Co. Ltd., Holdings', {
    first:
      'Aiko, Daichi, Emi, Haruto, Hiroshi, Kaori, Kenji, Mai, Naoki, Rina, Ryota, Sakura, Shota, Takumi, Yui, Yuki, Akira, Chihiro, Mio, Satoshi',
    last: 'Tanaka, Suzuki, Watanabe, Yamamoto, Nakamura, Kobayashi, Saito, Matsumoto, Inoue, Kimura, Hayashi, Shimizu, Mori, Abe, Ikeda, Hashimoto, Ishikawa, Ogawa, Fujita, Okada',
    cities:
      'Chiyoda-ku Tokyo 100-0001, Kita-ku Osaka 530-0001, Naka-ku Nagoya 460-0008, Aoba-ku Sendai 980-0811, Chuo-ku Sapporo 060-0001, Hakata-ku Fukuoka 812-0011',
    streets: 'Marunouchi 1-chome, Umeda 2-chome, Sakae 3-chome, Ginza 4-chome, Odori 5-chome, Tenjin 2-chome',
  }),
  culture('India', '+91 22 5550 ####', 'in', 'Pvt. Ltd., Industries, Traders', {
    first:
      'Aarav, Ananya, Arjun, Deepika, Divya, Farhan, Ishaan, Kavya, Lakshmi, Manish, Meera, Nikhil, Pooja, Rahul, Riya, Sanjay, Shreya, Tanvi, Varun, Zara',
    last: 'Sharma, Patel, Iyer, Reddy, Gupta, Nair, Mehta, Banerjee, Chopra, Desai, Joshi, Kapoor, Khan, Kulkarni, Menon, Mukherjee, Pillai, Rao, Singh, Verma',
    cities: 'Mumbai 400001, Bengaluru 560001, New Delhi 110001, Chennai 600001, Pune 411001, Kolkata 700001',
    streets: 'MG Road, Linking Road, Park Street, Brigade Road, Anna Salai, Residency Road',
  }),
  culture('Nigeria', '+234 1 555 ####', 'ng', 'Ltd, Ventures, Enterprises', {
    first:
      'Adaeze, Babatunde, Chiamaka, Chinedu, Damilola, Emeka, Folake, Funmilayo, Ifeoma, Kelechi, Ngozi, Obinna, Olumide, Sade, Segun, Temitope, Tunde, Uche, Yewande, Zainab',
    last: 'Adeyemi, Okafor, Balogun, Eze, Okonkwo, Adebayo, Nwosu, Bello, Ogunleye, Onyeka, Abubakar, Chukwu, Danjuma, Ibrahim, Lawal, Obi, Olawale, Sani, Uzoma, Yusuf',
    cities: 'Lagos 101001, Abuja 900001, Ibadan 200001, Enugu 400001, Kano 700001, Port Harcourt 500001',
    streets: 'Broad Street, Awolowo Road, Marina Road, Allen Avenue, Ahmadu Bello Way, Herbert Macaulay Way',
  }),
  culture('Poland', '+48 22 555 ####', 'pl', 'Sp. z o.o., S.A., i Wspólnicy', {
    first:
      'Agnieszka, Bartosz, Dorota, Grzegorz, Hanna, Jakub, Joanna, Krzysztof, Łukasz, Magdalena, Małgorzata, Paweł, Rafał, Stanisław, Wojciech, Zofia, Żaneta, Ewa, Michał, Tomasz',
    last: 'Nowak, Wiśniewski, Wójcik, Kowalczyk, Zieliński, Szymański, Woźniak, Dąbrowski, Kozłowski, Mazur, Jankowski, Krawczyk, Pawlak, Górski, Sikora, Baran, Duda, Szewczyk, Pietrzak, Król',
    cities: '00-001 Warszawa, 30-001 Kraków, 80-001 Gdańsk, 50-001 Wrocław, 60-001 Poznań, 90-001 Łódź',
    streets: 'ul. Długa, ul. Polna, ul. Kwiatowa, ul. Ogrodowa, al. Jerozolimskie, ul. Lipowa',
  }),
  culture('Brazil', '+55 11 5550 ####', 'com.br', 'Ltda., S.A., e Filhos', {
    first:
      'Adriana, Bruno, Caio, Débora, Eduardo, Fabiana, Gabriel, Heloísa, Igor, Juliana, Larissa, Luís, Mariana, Otávio, Priscila, Renato, Tatiana, Thiago, Vanessa, Vinícius',
    last: 'Silva, Souza, Oliveira, Almeida, Araújo, Barbosa, Cardoso, Carvalho, Conceição, Figueiredo, Gonçalves, Lima, Magalhães, Nascimento, Pereira, Ribeiro, Rocha, Teixeira, Vieira, Simões',
    cities:
      '01000-000 São Paulo, 20000-000 Rio de Janeiro, 30000-000 Belo Horizonte, 40000-000 Salvador, 80000-000 Curitiba, 90000-000 Porto Alegre',
    streets: 'Rua das Flores, Avenida Paulista, Rua Sete de Setembro, Avenida Brasil, Rua da Praia, Travessa do Sol',
  }),
];

export const companyNames =
  words(`Northwind, Bluebird, Silverline, Evergreen, Harbor, Summit, Granite, Meridian, Cobalt, Lantern, Juniper, Atlas,
  Beacon, Copper, Orchard, Falcon, Aurora, Tidewater, Redwood, Ironbridge, Willow, Keystone, Saffron, Polar, Cedar, Horizon, Quartz, Millstone,
  Larkspur, Foxglove, Brightwater, Stonegate, Amber, Canopy, Vertex, Pinnacle, Driftwood, Sable, Marigold, Compass`);

export const trades =
  words(`Logistics, Foods, Software, Textiles, Energy, Medical, Print, Tools, Hotels, Furniture, Optics, Robotics, Paper, Ceramics,
  Travel, Design, Motors, Dairy, Chemicals, Security, Coffee, Books, Gardens, Analytics, Plastics, Lighting, Shipping, Interiors, Glass, Sports`);

export const roles =
  words(`Managing Director, Head of Purchasing, Purchasing Manager, Office Manager, IT Manager, Accountant, Operations Manager,
  Warehouse Lead, Marketing Manager, Project Lead, Assistant to the Board, Head of Sales`);

export const tags = words('vip, newsletter, partner, wholesale, trial, renewal, at-risk, referrer, trade-fair, priority-support');

export const customerNotes: readonly string[] = [
  'Prefers to be called in the morning.',
  'Asked for a quote with annual billing.',
  'Met at the spring trade fair; interested in the larger package.',
  'Budget is decided in autumn. Follow up in September.',
  'Invoices go to the accounting department, with the order number in the subject.',
  'Switching from a competitor; needs help with the data.',
  'Very happy with the last delivery. Would act as a reference.',
  'Complained about a late delivery; was given a discount on the next order.',
];

export const orderNotes: readonly string[] = [
  'Deliver to the back entrance.',
  'Call half an hour before delivery.',
  'Gift: no invoice in the parcel.',
  'Partial delivery is fine.',
  'Needs a new delivery date.',
];
